import './queue-on-redis.js';
import '../integration/main-job.spec.js';
