import './queue-on-redis.js';
import '../api/database-away.spec.js';
