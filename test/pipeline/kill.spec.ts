import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, queueSettings, TestDatabase } from '../service/test-service.js';
import { ChildService } from './child-service.js';

const COUNT = 40;

describe('a service that is killed in the middle of 40 images', () => {
  let database: TestDatabase;
  let dataDir: string;
  let second: ChildService | undefined;
  let batchId: string;

  beforeAll(async () => {
    database = await createDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'filmroll-kill-'));
    const settings = { DATABASE_URL: database.url, DATA_DIR: dataDir, DEMO_TIME: '100ms', ...queueSettings() };
    const first = await ChildService.start(settings);
    batchId = await first.api.generate({ count: COUNT });
    await untilUploaded(first, 10);
    await first.kill();
    second = await ChildService.start(settings);
    await second.api.ended(batchId);
  });

  afterAll(async () => {
    await second?.kill();
    await database.drop();
    await rm(dataDir, { recursive: true });
  });

  async function untilUploaded(service: ChildService, count: number): Promise<void> {
    const query = 'subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { status } }';
    let uploaded = 0;
    for await (const { imageStatusChanged } of service.api.follow(query, { batchId })) {
      if (imageStatusChanged.status === 'UPLOADED' && ++uploaded === count) return;
    }
  }

  it('stores every picture under its own index after it is started again', async () => {
    const rows = await database.query(`SELECT index FROM image WHERE status = 'UPLOADED' ORDER BY index`);
    expect(rows.map(({ index }) => index)).toEqual(Array.from({ length: COUNT }, (_, k) => k + 1));
  });

  it('stores nothing twice and nothing else', async () => {
    const files = await readdir(join(dataDir, 'assets'), { recursive: true });
    expect(files.filter((file) => file.endsWith('.png'))).toHaveLength(COUNT);
    const rows = await database.query<{ status: string; times: number }>(
      `SELECT image_id, count(*)::integer AS times FROM image_event WHERE status = 'UPLOADED' GROUP BY image_id`,
    );
    expect(rows).toHaveLength(COUNT);
    expect(rows.every(({ times }) => times === 1)).toBe(true);
  });

  it('generates again only what was in flight when it died', async () => {
    const again = await database.query('SELECT position FROM image WHERE generation_attempts > 1');
    expect(again.length).toBeLessThanOrEqual(2);
  });

  it('keeps the numbers of the events without a gap', async () => {
    const rows = await database.query<{ number: number }>('SELECT number FROM image_event ORDER BY number');
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, k) => k + 1));
  });
});
