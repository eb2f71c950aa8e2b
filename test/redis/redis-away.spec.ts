import { ChildService } from '../pipeline/child-service.js';
import { Outage, whole } from './outage.js';

const COUNT = 24;
const PATIENCE = 4_000;

describe('a Redis that fails in the middle of a batch', () => {
  let outage: Outage;

  beforeAll(async () => {
    outage = await Outage.prepare({ DEMO_TIME: '150ms', SHUTDOWN_TIMEOUT: '1s' });
  });

  afterAll(() => outage.end());

  /** The answer, and that it did not take long. */
  async function promptly<Data>(asked: Promise<Data>): Promise<Data> {
    const started = performance.now();
    const answer = await asked;
    expect(performance.now() - started).toBeLessThan(PATIENCE);
    return answer;
  }

  it('and is emptied again and again: every image is made, and made once', async () => {
    const { api } = outage.service;
    const batchId = await api.generate({ count: COUNT });
    for (let times = 0; times < 3; times++) {
      await outage.untilStored(3);
      await outage.redis.flush();
    }
    expect(await outage.outcome(batchId)).toEqual(whole(COUNT));
    expect(outage.troubles.length).toBeLessThan(15);
  });

  it('and is away: requests go on as ever, and so does the work when it is back without its data', async () => {
    const { api } = outage.service;
    const before = outage.troubles.length;
    const batchId = await api.generate({ count: COUNT, character: 'before' });
    await outage.untilStored(3);
    await outage.redis.kill();
    const during = await promptly(api.generate({ count: 4, character: 'during' }));
    const cancelled = await promptly(api.generate({ count: 1, character: 'not wanted' }));
    await promptly(api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { id } }', { id: cancelled }));
    await promptly(api.ask('mutation ($id: ID!) { retryBatch(id: $id) { id } }', { id: batchId }));
    await promptly(api.ask('{ batches { nodes { id status } } }'));
    await outage.redis.start();

    expect(await outage.outcome(batchId)).toEqual(whole(COUNT));
    expect(await outage.outcome(during)).toEqual(whole(4));
    expect(outage.troubles.length - before).toBeLessThan(25);
  });

  it('and is away when the service is stopped: it ends in time, and cleanly', async () => {
    const { api } = outage.service;
    await api.generate({ count: COUNT, character: 'left' });
    await outage.untilStored(1);
    await outage.redis.kill();
    const started = performance.now();
    expect(await outage.service.end('SIGTERM')).toBe(0);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(outage.troubles.length).toBeLessThan(60);
    const held = await outage.database.query(`SELECT id FROM image WHERE status IN ('GENERATING', 'UPLOADING')`);
    expect(held).toEqual([]);
  });

  it('and is away when a service starts: that says so in one line and ends', async () => {
    const settings = { DATABASE_URL: outage.database.url, REDIS_URL: outage.redis.url };
    await expect(ChildService.start(settings)).rejects.toThrow(
      /^ended with 1:\nNothing answers at 127\.0\.0\.1:\d+: is the database \(DATABASE_URL\) or Redis \(REDIS_URL\) running\?\n$/,
    );
  });
});
