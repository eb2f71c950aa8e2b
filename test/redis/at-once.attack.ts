import './queue-on-redis.js';
import '../pipeline/at-once.spec.js';
