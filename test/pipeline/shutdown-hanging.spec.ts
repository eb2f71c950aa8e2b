import { ImageGenerator } from '../../src/generation/image-generator.js';
import { AssetStorage } from '../../src/upload/asset-storage.js';
import { startTestService, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';
import { untilCounts } from './until.js';

const COUNT = 4;
const SHUTDOWN_TIMEOUT = 500;
/** What handing back and closing may take besides. */
const AND_A_FEW_SECONDS = 5_000;

describe('a service that is stopped', () => {
  let service: TestService;

  beforeEach(async () => {
    service = await startTestService({ SHUTDOWN_TIMEOUT: `${SHUTDOWN_TIMEOUT}ms`, GENERATOR_SLOTS: '2' });
  });

  afterEach(() => service.close());

  async function stopped(): Promise<number> {
    const before = performance.now();
    await service.stop();
    return performance.now() - before;
  }

  async function goOn(batchId: string): Promise<void> {
    const { api } = await service.another({ DEMO_TIME: '0ms' });
    expect(await api.ended(batchId)).toBe('COMPLETED');
    expect(await ledgerFaults(service.database)).toEqual([]);
    const rows = await service.database.query('SELECT index, upload_attempts AS uploads FROM image ORDER BY index');
    expect(rows.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  }

  const generator = () => service.app.get(ImageGenerator, { strict: false });
  const storage = () => service.app.get(AssetStorage, { strict: false });

  it('with a generator that hangs and does not heed its signal: ends in time, and another takes over what it held', async () => {
    jest.spyOn(generator(), 'generate').mockReturnValue(new Promise(() => undefined));
    const batchId = await service.api.generate({ count: COUNT });
    await untilCounts(service.api, batchId, { generating: 2 });
    expect(await stopped()).toBeLessThan(SHUTDOWN_TIMEOUT + AND_A_FEW_SECONDS);
    await goOn(batchId);
    const rows = await service.database.query('SELECT generation_attempts AS attempts, lost_claims AS lost FROM image ORDER BY attempts');
    expect(rows.map(({ attempts, lost }) => [attempts, lost])).toEqual([
      [1, 0],
      [1, 0],
      [2, 0],
      [2, 0],
    ]);
  });

  it('with an upload in flight that ends in time: lets it end', async () => {
    const create = storage().create.bind(storage());
    const begun = new Promise<() => void>((resolve) => {
      jest.spyOn(storage(), 'create').mockImplementation(async (...call) => {
        await new Promise<void>((letGo) => resolve(letGo));
        return create(...call);
      });
    });
    const batchId = await service.api.generate({ count: 1 });
    const letGo = await begun;
    const ending = service.stop();
    letGo();
    await ending;
    expect(await service.database.query('SELECT status FROM image WHERE batch_id = $1', [batchId])).toEqual([{ status: 'UPLOADED' }]);
  });

  it('with uploads that do not end: hands them back, and another stores the same bytes', async () => {
    jest.spyOn(storage(), 'create').mockImplementation(async (_id, _bytes, _hashes, signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw signal.reason;
    });
    const batchId = await service.api.generate({ count: COUNT });
    await untilCounts(service.api, batchId, { uploading: COUNT });
    const before = await service.database.query('SELECT sha256 FROM image ORDER BY index');
    expect(await stopped()).toBeLessThan(SHUTDOWN_TIMEOUT + AND_A_FEW_SECONDS);
    const handedBack = await service.database.query('SELECT DISTINCT status, owner, failing_since, error FROM image');
    expect(handedBack).toEqual([{ status: 'GENERATED', owner: null, failing_since: null, error: null }]);
    await goOn(batchId);
    expect(await service.database.query('SELECT sha256 FROM image ORDER BY index')).toEqual(before);
    expect(await service.database.query('SELECT DISTINCT generation_attempts AS attempts FROM image')).toEqual([{ attempts: 1 }]);
  });

  it('as a worker: is alive, and not ready any more, while it ends', async () => {
    const worker = await service.another({ ROLE: 'worker', SHUTDOWN_TIMEOUT: '20s' });
    await service.stop();
    let finish = (): void => undefined;
    const held = worker.app.get(ImageGenerator, { strict: false });
    const generate = held.generate.bind(held);
    const begun = new Promise<void>((resolve) => {
      jest.spyOn(held, 'generate').mockImplementation(async (...call) => {
        await new Promise<void>((letGo) => {
          finish = letGo;
          resolve();
        });
        return generate(...call);
      });
    });
    const { api } = await service.another({ ROLE: 'api' });
    const batchId = await api.generate({ count: 1 });
    await begun;
    const ending = worker.stop();
    const told = [await statusOf(`${worker.url}/health/ready`), await statusOf(`${worker.url}/health/live`)];
    finish();
    await ending;
    expect(told).toEqual([503, 200]);
    const rows = await service.database.query('SELECT status FROM image WHERE batch_id = $1', [batchId]);
    expect(['GENERATED', 'UPLOADED']).toContain(rows[0].status);
  });
});

async function statusOf(address: string): Promise<number> {
  return (await fetch(address)).status;
}
