import './queue-on-redis.js';
import '../roles/roles.spec.js';
