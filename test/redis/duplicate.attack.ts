import './queue-on-redis.js';
import '../pipeline/duplicate.spec.js';
