import './queue-on-redis.js';
import '../pipeline/at-once.attack.js';
