import './queue-on-redis.js';
import '../pipeline/cancel.spec.js';
