import './queue-on-redis.js';
import '../pipeline/retry.spec.js';
