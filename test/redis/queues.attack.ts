import './queue-on-redis.js';
import '../studio/queues.e2e.spec.js';
