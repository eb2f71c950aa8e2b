import './queue-on-redis.js';
import '../api/idempotency.spec.js';
