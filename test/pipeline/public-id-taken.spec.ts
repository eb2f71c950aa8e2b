import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { publicId } from '../../src/batch/public-id.js';
import { ImageGenerator } from '../../src/generation/image-generator.js';
import { startTestService, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';

const RETRY = 'mutation ($id: ID!) { retryBatch(id: $id) { status } }';
const IMAGE = 'query ($id: ID!) { batch(id: $id) { images { status publicId sha256 error { code message retryable stage } } } }';
const CHARACTER = "luna's twin";
const THEIRS = Buffer.from('what another tool has stored here');

describe('a public id under which storage holds other bytes', () => {
  let service: TestService;
  let id: string;
  let file: string;
  let sha256: string;
  let generated: jest.SpyInstance;

  beforeAll(async () => {
    service = await startTestService();
    generated = jest.spyOn(service.app.get(ImageGenerator, { strict: false }), 'generate');
    file = join(service.dataDir, 'assets', `${publicId('filmroll', 'ada', CHARACTER, 1)}.png`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, THEIRS);
    id = await service.api.generate({ character: CHARACTER, count: 1 });
    await service.api.ended(id);
  });

  afterAll(() => service.close());

  async function image(): Promise<any> {
    return (await service.api.ask(IMAGE, { id })).batch.images[0];
  }

  async function expectTaken(): Promise<void> {
    const found = await image();
    expect(found).toMatchObject({ status: 'FAILED', error: { stage: 'UPLOAD', code: 'PUBLIC_ID_TAKEN', retryable: false } });
    expect(await readFile(file)).toEqual(THEIRS);
    expect(await service.database.query('SELECT image_id FROM staged_picture')).toHaveLength(1);
  }

  it('fails the image, overwrites nothing and keeps the staged bytes', async () => {
    await expectTaken();
    ({ sha256 } = await image());
  });

  it('names the command that helps', async () => {
    const { error, publicId: name } = await image();
    expect(error.message).toBe(
      `Storage already holds other bytes as ${name}; nothing was overwritten. ` +
        "Run `filmroll adopt --username=ada --character='luna'\\''s twin'` so that new batches get free names.",
    );
  });

  it('fails a retry again while it is taken', async () => {
    await service.api.ask(RETRY, { id });
    await service.api.ended(id);
    await expectTaken();
  });

  it('takes the same bytes under the same name once the other asset is gone', async () => {
    await rm(file);
    await service.api.ask(RETRY, { id });
    expect(await service.api.ended(id)).toBe('COMPLETED');
    expect(await image()).toMatchObject({ status: 'UPLOADED', sha256, error: null });
    expect(existsSync(file)).toBe(true);
    expect(generated).toHaveBeenCalledTimes(1);
    expect(await service.database.query('SELECT image_id FROM staged_picture')).toEqual([]);
  });

  it('leaves one unbroken story', async () => {
    expect(await ledgerFaults(service.database)).toEqual([]);
  });
});
