import './queue-on-redis.js';
import '../pipeline/failures.spec.js';
