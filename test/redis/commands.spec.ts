import './queue-on-redis.js';
import { runCommands } from '../docs/run-commands.js';

describe('the commands of the docs that need a Redis', () => {
  runCommands((line) => line.includes('REDIS_URL='));
});
