import './queue-on-redis.js';
import '../pipeline/shutdown.spec.js';
