import { RedisServer } from '../service/redis-server.js';

let redis: RedisServer | undefined;

/** Importing this file gives every service of the importing spec a Redis for its queue. */
beforeAll(async () => {
  redis = await RedisServer.start();
  process.env.TEST_REDIS_URL = redis.url;
});

afterAll(async () => {
  delete process.env.TEST_REDIS_URL;
  await redis?.remove();
});
