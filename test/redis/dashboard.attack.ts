import './queue-on-redis.js';
import '../dashboard/dashboard.spec.js';
