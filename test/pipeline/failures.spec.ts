import { GenerationRejectedError, ImageGenerator } from '../../src/generation/image-generator.js';
import { AssetStorage, PublicIdTakenError } from '../../src/upload/asset-storage.js';
import { startTestService, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';

interface Row {
  status: string;
  error: { stage: string; code: string; message: string; retryable: boolean } | null;
  generationAttempts: number;
  uploadAttempts: number;
  staged: boolean;
}

const RETRY = 'mutation ($id: ID!) { retryBatch(id: $id) { status } }';

describe('what goes wrong with an image', () => {
  let service: TestService;
  let generator: ImageGenerator;
  let storage: AssetStorage;

  beforeAll(async () => {
    service = await startTestService({ RETRY_FOR: '1s', GENERATION_TIMEOUT: '2s' });
    generator = service.app.get(ImageGenerator, { strict: false });
    storage = service.app.get(AssetStorage, { strict: false });
  });

  afterAll(() => service.close());

  afterEach(() => jest.restoreAllMocks());

  async function imageOf(batchId: string): Promise<Row> {
    const [row] = await service.database.query<Row>(
      `SELECT status, error, generation_attempts AS "generationAttempts", upload_attempts AS "uploadAttempts",
              EXISTS (SELECT FROM staged_picture WHERE image_id = image.id) AS staged FROM image WHERE batch_id = $1`,
      [batchId],
    );
    return row;
  }

  async function made(): Promise<{ id: string; image: Row }> {
    const id = await service.api.generate({ count: 1 });
    await service.api.ended(id);
    return { id, image: await imageOf(id) };
  }

  it('is tried again while it may pass', async () => {
    jest.spyOn(generator, 'generate').mockRejectedValueOnce(new Error('out of memory'));
    jest.spyOn(storage, 'create').mockRejectedValueOnce(new Error('connection reset'));
    const { id, image } = await made();
    expect(image).toMatchObject({ status: 'UPLOADED', error: null, generationAttempts: 2, uploadAttempts: 2 });
    const told = await service.database.query(
      `SELECT status, error->>'code' AS code FROM image_event WHERE batch_id = $1 AND error IS NOT NULL ORDER BY number`,
      [id],
    );
    expect(told).toEqual([
      { status: 'QUEUED', code: 'GENERATOR_UNAVAILABLE' },
      { status: 'GENERATED', code: 'STORAGE_UNAVAILABLE' },
    ]);
  });

  it('ends as GENERATOR_UNAVAILABLE when it does not pass within RETRY_FOR, and a retry helps', async () => {
    jest.spyOn(generator, 'generate').mockRejectedValue(new Error('secret address of the server'));
    const { id, image } = await made();
    expect(image).toMatchObject({ status: 'FAILED', error: { stage: 'GENERATION', code: 'GENERATOR_UNAVAILABLE', retryable: true } });
    expect(image.error?.message).not.toContain('secret');
    expect(image.generationAttempts).toBeGreaterThan(1);
    jest.restoreAllMocks();
    await service.api.ask(RETRY, { id });
    expect(await service.api.ended(id)).toBe('COMPLETED');
  });

  it('ends as STORAGE_UNAVAILABLE when storage stays away, with its bytes kept', async () => {
    jest.spyOn(storage, 'create').mockRejectedValue(new Error('secret address of the storage'));
    const { id, image } = await made();
    expect(image).toMatchObject({
      status: 'FAILED',
      staged: true,
      error: { stage: 'UPLOAD', code: 'STORAGE_UNAVAILABLE', retryable: true },
    });
    expect(image.error?.message).not.toContain('secret');
    expect(image.generationAttempts).toBe(1);
    jest.restoreAllMocks();
    await service.api.ask(RETRY, { id });
    expect(await service.api.ended(id)).toBe('COMPLETED');
    expect((await imageOf(id)).generationAttempts).toBe(1);
  });

  it('ends as GENERATION_TIMEOUT when the generator hangs', async () => {
    jest.spyOn(generator, 'generate').mockImplementation((_, signal) => {
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    });
    const { image } = await made();
    expect(image).toMatchObject({ status: 'FAILED', error: { stage: 'GENERATION', code: 'GENERATION_TIMEOUT', retryable: true } });
  });

  it('fails at once when the generator will never make it', async () => {
    jest.spyOn(generator, 'generate').mockRejectedValue(new GenerationRejectedError('No such embedding.', 'EMBEDDING_NOT_FOUND'));
    const { image } = await made();
    const error = { stage: 'GENERATION', code: 'EMBEDDING_NOT_FOUND', message: 'No such embedding.', retryable: false };
    expect(image).toMatchObject({ status: 'FAILED', generationAttempts: 1, error });
  });

  it('does not take a broken picture, and asks for another', async () => {
    const generate = generator.generate.bind(generator);
    const spy = jest.spyOn(generator, 'generate').mockImplementationOnce(async (...call) => {
      const { bytes, backend } = await generate(...call);
      return { bytes: bytes.subarray(0, bytes.length / 2), backend };
    });
    const { image } = await made();
    expect(image).toMatchObject({ status: 'UPLOADED', generationAttempts: 2 });
    expect(spy).toHaveBeenCalledTimes(2);
  });

  it('never overwrites: PUBLIC_ID_TAKEN, with its bytes kept', async () => {
    jest.spyOn(storage, 'create').mockImplementation((publicId) => Promise.reject(new PublicIdTakenError(publicId)));
    const { image } = await made();
    expect(image).toMatchObject({
      status: 'FAILED',
      staged: true,
      uploadAttempts: 1,
      error: { code: 'PUBLIC_ID_TAKEN', retryable: false },
    });
  });

  it.each([{ md5: 'f'.repeat(32) }, { bytes: 1 }, { publicId: 'somebody/else' }])(
    'does not believe storage that says %j',
    async (lie) => {
      const create = storage.create.bind(storage);
      jest.spyOn(storage, 'create').mockImplementation(async (...call) => ({ ...(await create(...call)), ...lie }));
      const { id, image } = await made();
      expect(image).toMatchObject({ status: 'FAILED', staged: true, error: { stage: 'UPLOAD', retryable: false } });
      expect(await service.database.query(`SELECT number FROM image_event WHERE batch_id = $1 AND status = 'UPLOADED'`, [id])).toEqual([]);
    },
    30_000,
  );

  it('cannot be mended when its bytes are gone', async () => {
    jest.spyOn(storage, 'create').mockImplementationOnce(async () => {
      await service.database.query('DELETE FROM staged_picture');
      throw new Error('connection reset');
    });
    const { id, image } = await made();
    expect(image).toMatchObject({ status: 'FAILED', error: { stage: 'UPLOAD', code: 'STAGED_BYTES_LOST', retryable: false } });
    await service.api.ask(RETRY, { id });
    expect(await imageOf(id)).toEqual(image);
  });

  it('leaves a ledger without a contradiction', async () => {
    expect(await ledgerFaults(service.database)).toEqual([]);
  });
});
