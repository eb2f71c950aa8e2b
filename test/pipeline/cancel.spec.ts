import { once } from 'node:events';
import { GenerationRequest, ImageGenerator } from '../../src/generation/image-generator.js';
import { AssetStorage } from '../../src/upload/asset-storage.js';
import { startTestService, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';
import { untilCounts } from './until.js';

const CANCEL = `mutation ($id: ID!) { cancelBatch(id: $id) { status lastEvent finishedAt counts { uploading uploaded cancelled } } }`;
const SEED = 100;

describe('a batch that is cancelled in the middle', () => {
  let service: TestService;
  let id: string;
  let letUpload: () => void;
  const stopped: Promise<unknown>[] = [];

  beforeAll(async () => {
    service = await startTestService({ UPLOAD_CONCURRENCY: '1', GENERATOR_SLOTS: '2' });
    holdTheFourthPictureOnwards(service.app.get(ImageGenerator, { strict: false }));
    holdTheSecondUpload(service.app.get(AssetStorage, { strict: false }));
    id = await service.api.generate({ count: 8, seed: SEED });
    await untilCounts(service.api, id, { uploaded: 1, uploading: 1, generated: 1, generating: 2, queued: 3 });
  });

  afterAll(() => service.close());

  function holdTheFourthPictureOnwards(generator: ImageGenerator): void {
    const generate = generator.generate.bind(generator);
    jest.spyOn(generator, 'generate').mockImplementation(async (request: GenerationRequest, signal, onProgress) => {
      if (request.seed < SEED + 3) return generate(request, signal, onProgress);
      const stop = once(signal, 'abort');
      stopped.push(stop);
      await stop;
      throw signal.reason;
    });
  }

  function holdTheSecondUpload(storage: AssetStorage): void {
    const create = storage.create.bind(storage);
    const allowed = new Promise<void>((resolve) => (letUpload = resolve));
    let uploads = 0;
    jest.spyOn(storage, 'create').mockImplementation(async (...asset) => {
      if (++uploads === 2) await allowed;
      return create(...asset);
    });
  }

  it('cancels at once what had not begun to be uploaded', async () => {
    const { cancelBatch } = await service.api.ask(CANCEL, { id });
    expect(cancelBatch).toMatchObject({ status: 'RUNNING', finishedAt: null, counts: { uploading: 1, uploaded: 1, cancelled: 6 } });
  });

  it('stops the pictures that were being made', async () => {
    expect(stopped).toHaveLength(2);
    await Promise.all(stopped);
  }, 3_000);

  it('lets the upload finish that had begun, and ends', async () => {
    letUpload();
    expect(await service.api.ended(id)).toBe('PARTIALLY_COMPLETED');
    const rows = await service.database.query('SELECT status FROM image ORDER BY position');
    const statuses: string[] = rows.map(({ status }) => status);
    expect(statuses.slice(0, 3).toSorted()).toEqual(['CANCELLED', 'UPLOADED', 'UPLOADED']);
    expect(statuses.slice(3)).toEqual(Array(5).fill('CANCELLED'));
  });

  it('leaves storage and ledger in agreement, and no staged bytes', async () => {
    const { assets } = await service.app.get(AssetStorage, { strict: false }).list('', null, AbortSignal.timeout(60_000));
    const rows = await service.database.query(
      `SELECT public_id AS "publicId", bytes, md5 FROM image WHERE status = 'UPLOADED' ORDER BY index`,
    );
    expect(assets.map(({ publicId, bytes, md5 }) => ({ publicId, bytes, md5 }))).toEqual(rows);
    expect(await service.database.query('SELECT image_id FROM staged_picture')).toEqual([]);
    expect(await ledgerFaults(service.database)).toEqual([]);
  });

  it('is not changed by being cancelled again', async () => {
    const before = await service.database.query('SELECT * FROM batch');
    const { cancelBatch } = await service.api.ask(CANCEL, { id });
    expect(cancelBatch.status).toBe('PARTIALLY_COMPLETED');
    expect(await service.database.query('SELECT * FROM batch')).toEqual(before);
  });

  it('keeps the indices that it used', async () => {
    const next = await service.api.generate({ count: 1, seed: 1 });
    await service.api.ended(next);
    expect(await service.database.query('SELECT index FROM image WHERE batch_id = $1', [next])).toEqual([{ index: 9 }]);
  });
});
