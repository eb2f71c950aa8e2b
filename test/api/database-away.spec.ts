import { Loaders } from '../../src/batch/loaders.js';
import { ImageGenerator } from '../../src/generation/image-generator.js';
import { Answer, RefusedError } from '../service/api-client.js';
import { DatabaseProxy, openProxy } from '../service/database-proxy.js';
import { createDatabase, startTestService, TestDatabase, TestService } from '../service/test-service.js';

const GENERATE = 'mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { batch { id images { index } } } }';
const FOLLOW = 'subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { number status } }';

const away = {
  status: 503,
  errors: [
    { message: 'A needed part of the service is away just now. Try again in a moment.', extensions: { code: 'SERVICE_UNAVAILABLE' } },
  ],
};

describe('while the database goes away', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let service: TestService;

  beforeAll(async () => {
    database = await createDatabase();
    proxy = await openProxy(database.url);
    service = await startTestService({ DATABASE_URL: proxy.url, LOG_LEVEL: 'error' });
    jest.spyOn(service.app.get(ImageGenerator), 'backends').mockReturnValue([]);
  });

  afterAll(async () => {
    await service.close();
    await proxy.cut();
    await database.drop();
  });

  const input = (character: string, more = {}) => ({ username: 'ada', character, prompt: 'x', count: 2, width: 64, height: 64, ...more });

  /** Without what differs from request to request. */
  function bare({ status, errors }: Answer<unknown>) {
    return { status, errors: errors?.map(({ message, extensions }) => ({ message, extensions })) };
  }

  /** Ends every connection of the service, and those of this test too. */
  function endConnections() {
    return database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'filmroll%'`,
    );
  }

  async function untilListening(): Promise<void> {
    const listening = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'filmroll wake-ups' AND query LIKE 'LISTEN%'`;
    for (const deadline = AbortSignal.timeout(60_000); (await database.query(listening)).length === 0;) deadline.throwIfAborted();
  }

  it('every request either works or is SERVICE_UNAVAILABLE, and one that is sent again with its key is done once', async () => {
    const answers: Answer<any>[] = [];
    const kills = { left: 5 };
    const untilMade = async (idempotencyKey: string) => {
      for (;;) {
        const answer = await service.api.send(GENERATE, { input: input('killed', { idempotencyKey }) });
        answers.push(answer);
        if (!answer.errors) return;
      }
    };
    const client = async (_: unknown, name: number) => {
      for (let k = 0; kills.left > 0; k++) {
        await untilMade(`${name} ${k}`);
        answers.push(
          await service.api.send(
            '{ batches(first: 3) { nodes { images { events { number } } } } series(username: "ada", character: "killed") { lastIndex } }',
          ),
        );
        answers.push(
          await service.api.send('mutation { saveCharacter(input: { username: "ada", name: "killed" }) { series { lastIndex } } }'),
        );
      }
      return name;
    };
    const clients = Promise.all(Array.from({ length: 6 }, client));
    for (let seen = 0; kills.left > 0; kills.left--) {
      while (answers.length < seen + 20) await service.api.send('{ __typename }');
      seen = answers.length;
      await endConnections();
    }
    await clients;

    const refused = answers.filter(({ errors }) => errors).map(bare);
    for (const answer of refused) expect(answer).toEqual({ ...away, errors: answer.errors!.map(() => away.errors[0]) });
    const [{ batches, keys, images, indices }] = await database.query<Record<string, string>>(
      `SELECT (SELECT count(*) FROM batch) AS batches, (SELECT count(*) FROM idempotency_key) AS keys,
              count(*) AS images, count(DISTINCT index) AS indices FROM image`,
    );
    expect(keys).toBe(batches);
    expect(Number(images)).toBe(2 * Number(batches));
    expect(indices).toBe(images);
  });

  it('every operation is SERVICE_UNAVAILABLE until it is back, and then works again', async () => {
    const batchId = await service.api.generate({ character: 'cut' });
    const operations = [
      '{ batches { nodes { id } } }',
      `{ batch(id: "${batchId}") { id } }`,
      `{ image(id: "${batchId}") { id } }`,
      '{ series(username: "ada", character: "cut") { lastIndex } }',
      '{ backends { name } }',
      `mutation { retryBatch(id: "${batchId}") { id } }`,
      'mutation { saveCharacter(input: { username: "ada", name: "cut" }) { id } }',
      'mutation { generateBatch(input: { username: "ada", character: "cut", prompt: "x" }) { replayed } }',
    ];
    await proxy.cut();
    for (const operation of operations) expect({ operation, ...bare(await service.api.send(operation)) }).toEqual({ operation, ...away });
    const refusal = await service.api
      .follow(FOLLOW, { batchId })
      .next()
      .catch((error: unknown) => error);
    expect((refusal as RefusedError).errors).toMatchObject(away.errors);

    await proxy.mend();
    for (const operation of operations)
      expect({ operation, ...bare(await service.api.send(operation)) }).toEqual({ operation, status: 200 });
  });

  it('within an answer that had begun is told as well, and nobody waits for ever', async () => {
    const batchId = await service.api.generate({ character: 'silent' });
    const silence = jest
      .spyOn(service.app.get(Loaders, { strict: false }).imagesOfBatch, 'load')
      .mockReturnValue(new Promise(() => undefined));
    const { data, errors } = await service.api.send(`{ batch(id: "${batchId}") { images { id } } }`);
    silence.mockRestore();
    expect({ data, errors }).toMatchObject({ data: { batch: null }, errors: away.errors });
  });

  it('one who follows a batch waits, misses nothing, and is woken again afterwards', async () => {
    const batchId = await service.api.generate({ character: 'followed', count: 2 });
    const events = service.api.follow(FOLLOW, { batchId });
    const seen = [(await events.next()).value.imageStatusChanged.number, (await events.next()).value.imageStatusChanged.number];
    await proxy.cut();
    await proxy.mend();
    await untilListening();
    const started = performance.now();
    await service.api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { id } }', { id: batchId });
    for await (const { imageStatusChanged } of events) seen.push(imageStatusChanged.number);
    expect(seen).toEqual([1, 2, 3, 4]);
    expect(performance.now() - started).toBeLessThan(3_500); // it re-reads after 4 s in any case
  });

  it('what was asked for before is made afterwards', async () => {
    jest.restoreAllMocks();
    const batchId = await service.api.generate({ username: 'bob', character: 'after' });
    expect(await service.api.ended(batchId)).toBe('COMPLETED');
  });
});
