import './queue-on-redis.js';
import '../pipeline/doorbell.spec.js';
