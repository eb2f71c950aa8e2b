import './queue-on-redis.js';
import '../pipeline/thrown-at-once.spec.js';
