import { GenerationRejectedError, ImageGenerator } from '../../src/generation/image-generator.js';
import { AssetStorage } from '../../src/upload/asset-storage.js';
import { Answer } from '../service/api-client.js';
import { startTestService, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';
import { untilCounts } from './until.js';

const CLIENTS = 24;
const REQUESTS = 8;
const COUNT = 40;

const CANCEL = 'mutation ($id: ID!) { cancelBatch(id: $id) { status lastEvent images { status } } }';
const RETRY = 'mutation ($id: ID!) { retryBatch(id: $id) { status lastEvent images { status } } }';
const READ = 'query ($id: ID!) { batch(id: $id) { status counts { queued uploaded } events(first: 100) { number } } }';

describe('transitions, cancel and retry thrown at one batch at once', () => {
  let service: TestService;
  let id: string;
  let answers: Answer<unknown>[];

  beforeAll(async () => {
    service = await startTestService({ GENERATOR_SLOTS: '6' });
    makeFlaky();
    id = await service.api.generate({ count: COUNT });
    await untilCounts(service.api, id, { failed: 1 });
    answers = (await Promise.all(Array.from({ length: CLIENTS }, (_, client) => throwAt(client)))).flat();
    await service.api.ended(id);
  });

  afterAll(() => service.close());

  /** Every third call fails in a way that passes, every fifth picture for good; every fourth upload fails once. */
  function makeFlaky(): void {
    const generator = service.app.get(ImageGenerator, { strict: false });
    const storage = service.app.get(AssetStorage, { strict: false });
    const [generate, create] = [generator.generate.bind(generator), storage.create.bind(storage)];
    let [generations, uploads] = [0, 0];
    jest.spyOn(generator, 'generate').mockImplementation(async (...call) => {
      const turn = ++generations;
      if (turn % 3 === 0) throw new Error('not now');
      if (turn % 5 === 0) throw new GenerationRejectedError('never');
      return generate(...call);
    });
    jest.spyOn(storage, 'create').mockImplementation(async (...call) => {
      if (++uploads % 4 === 0) throw new Error('not now');
      return create(...call);
    });
  }

  async function throwAt(client: number): Promise<Answer<unknown>[]> {
    const mine: Answer<unknown>[] = [];
    for (let request = 0; request < REQUESTS; request++) {
      const cancelling = request === REQUESTS - 1 && client % 6 === 0;
      const asking = (client + request) % 3 === 0 ? READ : RETRY;
      mine.push(await service.api.send(cancelling ? CANCEL : asking, { id }));
    }
    return mine;
  }

  it('shows no client a deadlock or any other error', () => {
    expect(answers).toHaveLength(CLIENTS * REQUESTS);
    expect(answers.filter(({ status, errors }) => status !== 200 || errors !== undefined)).toEqual([]);
  });

  it('leaves rows, counts, events and status of one mind', async () => {
    expect(await ledgerFaults(service.database)).toEqual([]);
  });

  it('went through everything that can happen', async () => {
    const rows = await service.database.query('SELECT DISTINCT status::text FROM image_event ORDER BY status');
    expect(rows.map(({ status }) => status)).toEqual(['CANCELLED', 'FAILED', 'GENERATED', 'GENERATING', 'QUEUED', 'UPLOADED', 'UPLOADING']);
  });

  it('keeps bytes for nothing that is uploaded or cancelled', async () => {
    const rows = await service.database.query(
      `SELECT image_id FROM staged_picture JOIN image ON image.id = image_id WHERE status IN ('UPLOADED', 'CANCELLED')`,
    );
    expect(rows).toEqual([]);
  });

  it('stores exactly what the ledger says', async () => {
    const { assets } = await service.app.get(AssetStorage, { strict: false }).list('', null, AbortSignal.timeout(60_000));
    const rows = await service.database.query(`SELECT public_id AS "publicId", md5 FROM image WHERE status = 'UPLOADED' ORDER BY index`);
    expect(assets.map(({ publicId, md5 }) => ({ publicId, md5 }))).toEqual(rows);
  });
});
