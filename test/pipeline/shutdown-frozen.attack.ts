import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseProxy, openProxy } from '../service/database-proxy.js';
import { createDatabase, TestDatabase } from '../service/test-service.js';
import { ChildService } from './child-service.js';
import { untilCounts } from './until.js';

describe('a service that is stopped while its database does not answer', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let dataDir: string;

  beforeAll(async () => {
    database = await createDatabase();
    proxy = await openProxy(database.url);
    dataDir = await mkdtemp(join(tmpdir(), 'filmroll-frozen-'));
  });

  afterAll(async () => {
    await proxy.cut();
    await database.drop();
    await rm(dataDir, { recursive: true });
  });

  it('ends all the same, soon after SHUTDOWN_TIMEOUT, and the next one goes on where it was', async () => {
    const settings = { DATA_DIR: dataDir, DEMO_TIME: '1h', SHUTDOWN_TIMEOUT: '1s' };
    const first = await ChildService.start({ ...settings, DATABASE_URL: proxy.url });
    const id = await first.api.generate({ count: 4 });
    await untilCounts(first.api, id, { generating: 2 });
    proxy.freeze();
    const before = performance.now();
    expect(await first.interrupt()).toBe(0);
    expect(performance.now() - before).toBeLessThan(13_000);

    const second = await ChildService.start({ ...settings, DATABASE_URL: database.url, DEMO_TIME: '0ms' });
    expect(await second.api.ended(id)).toBe('COMPLETED');
    await second.interrupt();
  }, 120_000);
});
