import './queue-on-redis.js';
import '../api/subscriptions.spec.js';
