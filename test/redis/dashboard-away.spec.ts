import { RedisServer } from '../service/redis-server.js';
import { startTestService, TestService } from '../service/test-service.js';

describe('the queue dashboard, while Redis does not answer', () => {
  let redis: RedisServer;
  let service: TestService;

  beforeAll(async () => {
    redis = await RedisServer.start();
    service = await startTestService({ REDIS_URL: redis.url, LOG_LEVEL: 'error' });
  });

  afterAll(async () => {
    await service?.close();
    await redis?.remove();
  });

  async function ask(): Promise<{ status: number; body: { message?: string }; took: number }> {
    const begun = Date.now();
    const response = await fetch(`${service.url}/queues/api/queues`);
    return { status: response.status, body: (await response.json()) as { message?: string }, took: Date.now() - begun };
  }

  it('says so in time, asks no more while an answer is owed, and is back with Redis', async () => {
    expect((await ask()).status).toBe(200);
    redis.freeze();
    const [first, second] = [await ask(), await ask()];
    redis.thaw();
    for (const { status, body } of [first, second]) {
      expect({ status, message: body.message }).toEqual({ status: 500, message: 'The queue does not answer just now.' });
    }
    expect(first.took).toBeGreaterThan(4_000);
    expect(second.took).toBeLessThan(2_000);

    // Each answer comes when Redis has given all that it owed.
    let answer = await ask();
    while (answer.status !== 200) answer = await ask();
    expect(answer.status).toBe(200);
  });
});
