import { GenerationRejectedError, ImageGenerator } from '../../src/generation/image-generator.js';
import { AssetStorage, StorageRejectedError } from '../../src/upload/asset-storage.js';
import { startTestService, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';

const RETRY = 'mutation ($id: ID!, $positions: [Int!]) { retryBatch(id: $id, positions: $positions) { status finishedAt lastEvent } }';
const SEED = 100;

interface Row {
  index: number;
  publicId: string;
  seed: string;
  sha256: string | null;
}

describe('images that failed', () => {
  let service: TestService;
  let id: string;
  let generated: number[];
  let before: Row[];

  beforeAll(async () => {
    service = await startTestService();
    const generator = service.app.get(ImageGenerator, { strict: false });
    const storage = service.app.get(AssetStorage, { strict: false });
    const [generate, create] = [generator.generate.bind(generator), storage.create.bind(storage)];
    const failing = { seed: SEED + 1, publicId: '000003' };
    generated = [];
    jest.spyOn(generator, 'generate').mockImplementation(async (request, ...rest) => {
      generated.push(request.seed);
      if (request.seed === failing.seed) throw new GenerationRejectedError('no such dream');
      return generate(request, ...rest);
    });
    jest.spyOn(storage, 'create').mockImplementation(async (publicId, ...rest) => {
      if (publicId.endsWith(failing.publicId)) throw new StorageRejectedError('not in this house');
      return create(publicId, ...rest);
    });
    id = await service.api.generate({ count: 4, seed: SEED });
    await service.api.ended(id);
    before = await rows();
    Object.assign(failing, { seed: NaN, publicId: 'none' });
  });

  afterAll(() => service.close());

  function rows(): Promise<Row[]> {
    return service.database.query<Row>('SELECT index, public_id AS "publicId", seed, sha256 FROM image ORDER BY position');
  }

  async function statuses(): Promise<string[]> {
    const found = await service.database.query<{ status: string }>('SELECT status FROM image ORDER BY position');
    return found.map(({ status }) => status);
  }

  it('leave the batch PARTIALLY_COMPLETED, and say why', async () => {
    expect(await statuses()).toEqual(['UPLOADED', 'FAILED', 'FAILED', 'UPLOADED']);
    const errors = await service.database.query(`SELECT error FROM image WHERE status = 'FAILED' ORDER BY position`);
    expect(errors).toEqual([
      { error: { stage: 'GENERATION', code: 'GENERATOR_REJECTED', message: 'no such dream', retryable: false } },
      { error: { stage: 'UPLOAD', code: 'STORAGE_REJECTED', message: 'not in this house', retryable: false } },
    ]);
  });

  it('cannot be asked for by a position that is none', async () => {
    for (const position of [0, 5, -1]) {
      const { errors } = await service.api.send(RETRY, { id, positions: [position] });
      expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    }
  });

  it('are not touched by a retry of positions that did not fail', async () => {
    const { retryBatch } = await service.api.ask(RETRY, { id, positions: [1, 4] });
    expect(retryBatch.status).toBe('PARTIALLY_COMPLETED');
    expect(await statuses()).toEqual(['UPLOADED', 'FAILED', 'FAILED', 'UPLOADED']);
  });

  it('are taken up by position, under the old index, public id and seed', async () => {
    const { retryBatch } = await service.api.ask(RETRY, { id, positions: [2] });
    expect(retryBatch).toMatchObject({ status: 'RUNNING', finishedAt: null });
    await service.api.ended(id);
    expect(await statuses()).toEqual(['UPLOADED', 'UPLOADED', 'FAILED', 'UPLOADED']);
    const [, second] = await rows();
    expect(second).toEqual({ ...before[1], sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it('are not generated again when only the upload failed', async () => {
    await service.api.ask(RETRY, { id });
    expect(await service.api.ended(id)).toBe('COMPLETED');
    expect((await rows())[2]).toEqual(before[2]);
    expect(before[2].sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(generated.filter((seed) => seed === SEED + 2)).toHaveLength(1);
    expect(await service.database.query('SELECT image_id FROM staged_picture')).toEqual([]);
    expect(await service.database.query('SELECT id FROM image WHERE error IS NOT NULL')).toEqual([]);
  });

  it('leave one unbroken story', async () => {
    expect(await ledgerFaults(service.database)).toEqual([]);
  });
});
