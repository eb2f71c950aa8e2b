import './queue-on-redis.js';
import '../pipeline/rescue.spec.js';
