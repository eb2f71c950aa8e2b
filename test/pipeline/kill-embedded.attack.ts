import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildService } from './child-service.js';
import { untilCounts } from './until.js';

const COUNT = 40;
const BATCH = `query ($id: ID!) { batch(id: $id) { status lastEvent
  images { index publicId sha256 generationAttempts events { number status } } } }`;

interface BatchData {
  status: string;
  lastEvent: number;
  images: { index: number; publicId: string; sha256: string; generationAttempts: number; events: { number: number; status: string }[] }[];
}

describe('a service with its own database that is killed in the middle of 40 images', () => {
  let dataDir: string;
  let second: ChildService | undefined;
  let batch: BatchData;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'filmroll-kill-'));
    // As root the database runs as another user, who must be able to enter.
    await chmod(dataDir, 0o755);
    const settings = { DATA_DIR: dataDir, DEMO_TIME: '100ms' };
    const first = await ChildService.start(settings);
    const id = await first.api.generate({ count: COUNT });
    await untilCounts(first.api, id, { uploaded: 10 });
    await first.kill();
    second = await ChildService.start(settings);
    await second.api.ended(id);
    ({ batch } = await second.api.ask<{ batch: BatchData }>(BATCH, { id }));
  }, 180_000);

  afterAll(async () => {
    await second?.interrupt();
    await rm(dataDir, { recursive: true });
  }, 60_000);

  it('stores every picture under its own index after it is started again', () => {
    expect(batch.status).toBe('COMPLETED');
    expect(batch.images.map(({ index }) => index)).toEqual(Array.from({ length: COUNT }, (_, k) => k + 1));
  });

  it('stores nothing twice and nothing else, each with the bytes of its row', async () => {
    const files = await readdir(join(dataDir, 'assets'), { recursive: true });
    expect(files.filter((file) => file.endsWith('.png'))).toHaveLength(COUNT);
    for (const { publicId, sha256 } of batch.images) {
      const bytes = await readFile(join(dataDir, 'assets', `${publicId}.png`));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
  });

  it('generates again only what was in flight when it died', () => {
    expect(batch.images.filter(({ generationAttempts }) => generationAttempts > 1).length).toBeLessThanOrEqual(2);
  });

  it('keeps the numbers of the events without a gap', () => {
    const numbers = batch.images.flatMap(({ events }) => events.map(({ number }) => number)).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: batch.lastEvent }, (_, k) => k + 1));
  });
});
