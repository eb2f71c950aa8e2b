import { ImageGenerator } from '../../src/generation/image-generator.js';
import { Doorbell } from '../../src/queue/doorbell.js';
import { AssetStorage } from '../../src/upload/asset-storage.js';
import { startTestService, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';
import { skewClock } from './skewed-clock.js';

const HOUR = 3_600_000;
const RETRY = 'mutation ($id: ID!) { retryBatch(id: $id) { status } }';

describe.each([
  ['ahead', HOUR],
  ['behind', -HOUR],
])('a process whose clock is an hour %s', (_where, by) => {
  let service: TestService;
  let setRight: () => void;

  beforeAll(async () => {
    service = await startTestService({ RETRY_FOR: '1s' });
    setRight = skewClock(by);
  });

  afterAll(async () => {
    await service.close();
    setRight();
  });

  afterEach(() => jest.restoreAllMocks());

  const generator = () => service.app.get(ImageGenerator, { strict: false });

  /** Milliseconds between each put-back of the batch and the claim that followed, by the database's clock. */
  async function pauses(batchId: string): Promise<number[]> {
    const rows = await service.database.query<{ pause: number }>(
      `SELECT extract(epoch FROM next_at - at)::float * 1000 AS pause
       FROM (SELECT number, at, error, status, lead(at) OVER (PARTITION BY image_id ORDER BY number) AS next_at FROM image_event WHERE batch_id = $1) AS told
       WHERE error IS NOT NULL AND status IN ('QUEUED', 'GENERATED') ORDER BY number`,
      [batchId],
    );
    return rows.map(({ pause }) => pause);
  }

  it('makes and stores pictures at once', async () => {
    const id = await service.api.generate({ count: 4 });
    expect(await service.api.ended(id)).toBe('COMPLETED');
  });

  it('tries again what failed after its pause, neither at once nor in an hour', async () => {
    jest.spyOn(generator(), 'generate').mockRejectedValueOnce(new Error('not now'));
    jest.spyOn(service.app.get(AssetStorage, { strict: false }), 'create').mockRejectedValueOnce(new Error('not now'));
    const id = await service.api.generate({ count: 1 });
    expect(await service.api.ended(id)).toBe('COMPLETED');

    const [generation, upload] = await pauses(id);
    for (const pause of [generation, upload]) {
      expect(pause).toBeGreaterThan(240);
      expect(pause).toBeLessThan(5_000);
    }
  });

  it('gives up after RETRY_FOR and not before, and takes up again at once', async () => {
    const failing = jest.spyOn(generator(), 'generate').mockRejectedValue(new Error('not now'));
    const id = await service.api.generate({ count: 1 });
    expect(await service.api.ended(id)).toBe('FAILED');
    const [{ took }] = await service.database.query<{ took: number }>(
      `SELECT extract(epoch FROM max(at) - min(at))::float * 1000 AS took FROM image_event WHERE batch_id = $1 AND error IS NOT NULL`,
      [id],
    );
    expect(took).toBeGreaterThanOrEqual(1_000);

    failing.mockRestore();
    await service.api.ask(RETRY, { id });
    expect(await service.api.ended(id)).toBe('COMPLETED');
  });

  it('writes down when things happened by the clock of the database', async () => {
    await service.api.ask('mutation { saveCharacter(input: { username: "ada", name: "luna" }) { id } }');
    const [{ faults }] = await service.database.query<{ faults: string[] | null }>(
      `SELECT array_agg(what) AS faults FROM (
         SELECT 'batch ' || id AS what, created_at AS at FROM batch UNION ALL SELECT 'finished batch ' || id, finished_at FROM batch
         UNION ALL SELECT 'image ' || id, created_at FROM image UNION ALL SELECT 'updated image ' || id, updated_at FROM image
         UNION ALL SELECT 'event ' || number, at FROM image_event
         UNION ALL SELECT 'updated character', updated_at FROM "character") AS written
       WHERE at IS NULL OR at NOT BETWEEN clock_timestamp() - interval '10 min' AND clock_timestamp()`,
    );
    expect(faults).toBeNull();
    expect(await ledgerFaults(service.database)).toEqual([]);
  });
});

describe('a bell for later that was rung by a process whose clock is an hour ahead', () => {
  it('keeps no image from being worked on by others when it is due', async () => {
    const service = await startTestService();
    const held = jest.spyOn(service.app.get(ImageGenerator, { strict: false }), 'backends').mockReturnValue([]);
    const doorbell = service.app.get(Doorbell, { strict: false });
    const ring = jest.spyOn(doorbell, 'ring').mockResolvedValue();
    const id = await service.api.generate({ count: 1 });
    const images = await service.database.query<{ id: string; attempt: number }>('SELECT id, attempt FROM image');
    ring.mockRestore();
    const setRight = skewClock(HOUR);
    await doorbell.ring('generation', images, 500);
    setRight();

    held.mockRestore();
    expect(await service.api.ended(id)).toBe('COMPLETED');
    await service.close();
  });
});
