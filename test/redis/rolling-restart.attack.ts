import './queue-on-redis.js';
import '../roles/rolling-restart.attack.js';
