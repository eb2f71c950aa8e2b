import './queue-on-redis.js';
import '../pipeline/kill.spec.js';
