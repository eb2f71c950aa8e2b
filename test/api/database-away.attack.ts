import { RefusedError } from '../service/api-client.js';
import { DatabaseProxy, openProxy } from '../service/database-proxy.js';
import { createDatabase, startTestService, TestDatabase, TestService } from '../service/test-service.js';

const EVENTS =
  'subscription ($batchId: ID!, $after: Int! = 0) { imageStatusChanged(batchId: $batchId, after: $after) { number batchStatus } }';

describe('a database that goes away again and again', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let service: TestService;

  beforeEach(async () => {
    database = await createDatabase();
    proxy = await openProxy(database.url);
    service = await startTestService({ DATABASE_URL: proxy.url, DEMO_TIME: '100ms', GENERATOR_SLOTS: '4', LOG_LEVEL: 'error' });
  });

  afterEach(async () => {
    await service.close();
    await proxy.cut();
    await database.drop();
  });

  /** Follows a batch to its end; one who is told to come back does so, with the last number seen. */
  async function followed(batchId: string): Promise<{ numbers: number[]; status: string }> {
    const told = { numbers: [] as number[], status: '' };
    const follow = async () => {
      const after = told.numbers.at(-1) ?? 0;
      for await (const { imageStatusChanged } of service.api.follow(EVENTS, { batchId, after })) {
        told.numbers.push(imageStatusChanged.number);
        told.status = imageStatusChanged.batchStatus;
      }
      return true;
    };
    while (!(await follow().catch(unlessAway)));
    return told;
  }

  function unlessAway(error: unknown): boolean {
    if (error instanceof RefusedError && error.errors[0].extensions.code === 'SERVICE_UNAVAILABLE') return false;
    throw error;
  }

  async function expectAllStored(ids: string[], streams: { numbers: number[]; status: string }[]) {
    for (const { numbers, status } of streams) {
      expect(status).toBe('COMPLETED');
      expect(numbers).toEqual(numbers.map((_, k) => k + 1));
    }
    const [{ images, indices, hashes }] = await database.query(
      `SELECT count(*)::int AS images, count(DISTINCT index)::int AS indices, count(DISTINCT sha256)::int AS hashes FROM image WHERE status = 'UPLOADED'`,
    );
    expect({ images, indices, hashes }).toEqual({ images: 4 * ids.length, indices: 4 * ids.length, hashes: 4 * ids.length });
  }

  /** Ends every connection of the service, the queue's too, each time that a few more images have moved on. */
  async function endConnections(times: number): Promise<void> {
    for (let left = times, seen = 0; left > 0; left--) {
      for (let moved = seen; moved < seen + 5; [{ moved }] = await database.query('SELECT count(*)::int AS moved FROM image_event'));
      [{ seen }] = await database.query('SELECT count(*)::int AS seen FROM image_event');
      await proxy.cut();
      await proxy.mend();
    }
  }

  it('under 40 images: all are stored, none twice, and no follower misses an event', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => service.api.generate({ count: 4 })));
    const streams = Promise.all(ids.map((id) => followed(id)));
    await endConnections(20);
    await expectAllStored(ids, await streams);
  }, 180_000);

  it('and one that freezes in the middle: who asks is told to come back, and everything goes on afterwards', async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, () => service.api.generate({ count: 4 })));
    const streams = Promise.all(ids.map((id) => followed(id)));
    await service.api.follow(EVENTS, { batchId: ids[0] }).next();
    proxy.freeze();
    const answers = await Promise.all(['{ batches { nodes { id } } }', '{ backends { name } }'].map((query) => service.api.send(query)));
    proxy.thaw();

    expect(answers.map(({ status, errors }) => [status, errors?.[0].extensions.code])).toEqual(
      answers.map(() => [503, 'SERVICE_UNAVAILABLE']),
    );
    await expectAllStored(ids, await streams);
    expect(await service.api.ended(await service.api.generate({ count: 1 }))).toBe('COMPLETED');
  }, 180_000);
});
