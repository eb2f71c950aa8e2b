import './queue-on-redis.js';
import '../pipeline/fairness.spec.js';
