import { setTimeout as pause } from 'node:timers/promises';
import { Outage, whole } from './outage.js';

const COUNT = 60;
const MINUTE = 60_000;

describe('a Redis that fails badly in the middle of a batch', () => {
  let outage: Outage;

  beforeEach(async () => {
    outage = await Outage.prepare({ DEMO_TIME: '150ms', SHUTDOWN_TIMEOUT: '1s' });
  }, 30_000);

  afterEach(() => outage.end(), 20_000);

  it('and is away for a minute: requests go on, the log stays short, and everything is made afterwards', async () => {
    const { api } = outage.service;
    const ids = [await api.generate({ count: COUNT })];
    await outage.untilStored(5);
    await outage.redis.kill();
    const until = performance.now() + MINUTE;
    let slowest = 0;
    while (performance.now() < until) {
      const started = performance.now();
      ids.push(await api.generate({ count: 1 }));
      await api.ask('mutation ($id: ID!) { retryBatch(id: $id) { id } }', { id: ids[0] });
      slowest = Math.max(slowest, performance.now() - started);
      await pause(1_000);
    }
    const told = outage.troubles.length;
    await outage.redis.start();
    const back = performance.now();

    for (const id of ids) await api.ended(id);
    expect(await outage.outcome(ids[0])).toEqual(whole(COUNT));
    for (const id of ids.slice(1)) expect(await outage.outcome(id)).toEqual(whole(1));
    expect(slowest).toBeLessThan(4_000);
    expect(told).toBeLessThan(40);
    expect(performance.now() - back).toBeLessThan(30_000);
  }, 150_000);

  it.each([
    ['with', true],
    ['without', false],
  ])(
    'and is restarted %s its data, again and again',
    async (_, saved) => {
      const batchId = await outage.service.api.generate({ count: COUNT });
      for (let times = 0; times < 5; times++) {
        await outage.untilStored(4);
        if (saved) await outage.redis.save();
        await outage.redis.kill();
        await outage.redis.start();
      }
      expect(await outage.outcome(batchId)).toEqual(whole(COUNT));
      expect(outage.troubles.length).toBeLessThan(60);
    },
    90_000,
  );

  it('and does not answer any more: requests go on, and so does the work when it answers again', async () => {
    const { api } = outage.service;
    const batchId = await api.generate({ count: COUNT });
    await outage.untilStored(5);
    outage.redis.freeze();
    const started = performance.now();
    const during = await api.generate({ count: 4, character: 'during' });
    await api.ask('mutation ($id: ID!) { retryBatch(id: $id) { id } }', { id: batchId });
    expect(performance.now() - started).toBeLessThan(4_000);
    await pause(10_000);
    outage.redis.thaw();
    expect(await outage.outcome(batchId)).toEqual(whole(COUNT));
    expect(await outage.outcome(during)).toEqual(whole(4));
  }, 90_000);

  it('and does not answer when the service is stopped: it ends in time all the same', async () => {
    await outage.service.api.generate({ count: COUNT });
    await outage.untilStored(5);
    outage.redis.freeze();
    const started = performance.now();
    expect(await outage.service.end('SIGTERM')).toBe(0);
    expect(performance.now() - started).toBeLessThan(9_000);
  }, 30_000);
});
