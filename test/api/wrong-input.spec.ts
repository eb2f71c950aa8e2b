import { gzipSync } from 'node:zlib';
import { ImageGenerator } from '../../src/generation/image-generator.js';
import { Answer } from '../service/api-client.js';
import { startTestService, TestService } from '../service/test-service.js';

const GENERATE = 'mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { batch { id } } }';
const UNKNOWN_ID = '0192f4a0-0000-7000-8000-000000000000';
const NUL = 'a\0b';
const LONE = 'a\ud800b';
const HIGHEST = Number.MAX_SAFE_INTEGER;

describe('wrong input', () => {
  let service: TestService;
  let batchId: string;
  let before: unknown;

  beforeAll(async () => {
    // Pictures that are never finished, for what is made of them is of no interest here.
    service = await startTestService({ DEMO_TIME: '1h', SHUTDOWN_TIMEOUT: '0ms' });
    batchId = await service.api.generate({ count: 2, seed: 5 });
  });

  afterAll(() => service.close());

  beforeEach(async () => {
    before = await traces();
  });

  /** Everything that a reservation would leave behind, the sequences themselves included: `nextval` survives a rollback. */
  function traces(): Promise<object[]> {
    return service.database.query(
      `SELECT (SELECT count(*) FROM batch) AS batches, (SELECT count(*) FROM image) AS images,
              (SELECT count(*) FROM series) AS series, (SELECT count(*) FROM idempotency_key) AS keys, (SELECT count(*) FROM "character") AS characters,
              (SELECT json_agg(last_value ORDER BY sequencename) FROM pg_sequences WHERE schemaname = 'public') AS sequences`,
    );
  }

  function generate(input: object): Promise<Answer<any>> {
    return service.api.send(GENERATE, {
      input: { username: 'ada', character: 'luna', prompt: 'at dusk', width: 64, height: 64, ...input },
    });
  }

  async function expectRefused({ status, errors }: Answer<unknown>, code: string, fields?: string[]) {
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    const [{ message, extensions }] = errors!;
    expect(extensions.fields?.map(({ field }) => field)).toEqual(fields);
    expect(Object.keys(extensions).toSorted()).toEqual(fields ? ['code', 'fields'] : ['code']);
    expect(message).not.toMatch(/node_modules|\.[jt]s\b|\n\s+at |SELECT|INSERT|UPDATE |"stack|relation|column/);
    expect(status).toBeLessThan(500);
    expect(await traces()).toEqual(before);
  }

  describe('of generateBatch is refused with its field, and reserves nothing:', () => {
    it.each<[string, object, string]>([
      ['count 0', { count: 0 }, 'count'],
      ['count -1', { count: -1 }, 'count'],
      ['count 101', { count: 101 }, 'count'],
      ['an empty prompt', { prompt: '' }, 'prompt'],
      ['a prompt of 10,001 characters', { prompt: 'x'.repeat(10_001) }, 'prompt'],
      ['a prompt of 11,000 characters', { prompt: 'x'.repeat(11_000) }, 'prompt'],
      ['a prompt of 10,001 emoji', { prompt: '🌙'.repeat(10_001) }, 'prompt'],
      ['a negative prompt of 10,001 characters', { negativePrompt: 'x'.repeat(10_001) }, 'negativePrompt'],
      ['width 63', { width: 63 }, 'width'],
      ['width 56', { width: 56 }, 'width'],
      ['width 2056', { width: 2056 }, 'width'],
      ['width 500, no multiple of 8', { width: 500 }, 'width'],
      ['height 63', { height: 63 }, 'height'],
      ['height 2056', { height: 2056 }, 'height'],
      ['height 500', { height: 500 }, 'height'],
      ['seed -1', { seed: -1 }, 'seed'],
      ['a seed whose last image would pass 2^53-2', { count: 4, seed: HIGHEST - 3 }, 'seed'],
      ['steps 0', { steps: 0 }, 'steps'],
      ['steps 10,001', { steps: 10_001 }, 'steps'],
      ['cfg -0.1', { cfg: -0.1 }, 'cfg'],
      ['cfg 100.1', { cfg: 100.1 }, 'cfg'],
      ['a parameter that the workflow does not have', { parameters: { nonsense: 1 } }, 'parameters.nonsense'],
      ['parameters that are a list', { parameters: [1] }, 'parameters'],
      ['parameters that are a text', { parameters: 'x' }, 'parameters'],
      ['no username', { username: null }, 'username'],
      ['an empty username', { username: '' }, 'username'],
      ['a username of 65 characters', { username: 'x'.repeat(65) }, 'username'],
      ['a username with a leading blank', { username: ' ada' }, 'username'],
      ['a username with a trailing blank', { username: 'ada ' }, 'username'],
      ['a username with a no-break space behind it', { username: 'ada\u00a0' }, 'username'],
      ['an empty character', { character: '' }, 'character'],
      ['a character of 65 emoji', { character: '🌙'.repeat(65) }, 'character'],
      ['a character with a leading line break', { character: '\nluna' }, 'character'],
      ['a character of blanks', { character: '   ' }, 'character'],
      ['an empty idempotency key', { idempotencyKey: '' }, 'idempotencyKey'],
      ['an idempotency key of 201 characters', { idempotencyKey: 'k'.repeat(201) }, 'idempotencyKey'],
      ['an empty workflow', { workflow: '' }, 'workflow'],
    ])('%s', async (_what, input, field) => {
      await expectRefused(await generate(input), 'BAD_USER_INPUT', [field]);
    });

    it.each(['username', 'character', 'prompt', 'negativePrompt', 'idempotencyKey', 'workflow'])(
      'NUL and lone surrogates in %s',
      async (field) => {
        for (const text of [NUL, LONE]) await expectRefused(await generate({ [field]: text }), 'BAD_USER_INPUT', [field]);
      },
    );

    it('NUL and lone surrogates anywhere within parameters', async () => {
      const workflows = jest.spyOn(service.app.get(ImageGenerator), 'workflows').mockReturnValue([{ name: 'demo', parameters: ['style'] }]);
      for (const style of [NUL, LONE, [{ deep: NUL }], { [LONE]: 1 }]) {
        await expectRefused(await generate({ parameters: { style } }), 'BAD_USER_INPUT', ['parameters']);
      }
      workflows.mockRestore();
    });

    it('parameters nested so deep that walking through them would break', async () => {
      const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
      const input = `{"username":"ada","character":"luna","prompt":"x","parameters":{"style":${deep}}}`;
      await expectRefused(await sent(`{"query":${JSON.stringify(GENERATE)},"variables":{"input":${input}}}`), 'BAD_USER_INPUT', [
        'parameters',
      ]);
    });

    it('several wrong values at once, each named', async () => {
      await expectRefused(await generate({ count: 0, width: 63, prompt: '' }), 'BAD_USER_INPUT', ['prompt', 'count', 'width']);
    });

    it('an unknown workflow', async () => {
      await expectRefused(await generate({ workflow: 'nonsense' }), 'WORKFLOW_NOT_FOUND');
    });

    it.each<[string, object]>([
      ['count 1.5', { count: 1.5 }],
      ['count as text', { count: '4' }],
      ['count null', { count: null }],
      ['seed 2^53', { seed: HIGHEST + 1 }],
      ['seed 1.5', { seed: 1.5 }],
      ['seed as text', { seed: '5' }],
      ['no prompt', { prompt: undefined }],
      ['a number as prompt', { prompt: 5 }],
      ['a field that there is not', { nonsense: 1 }],
    ])('a variable of the wrong type: %s', async (_what, input) => {
      const answer = await generate(input);
      expect(answer.status).toBe(400);
      await expectRefused(answer, 'BAD_USER_INPUT');
    });
  });

  describe('at its very edge is accepted:', () => {
    const EDGES = '{ generateBatch(input: $input) { batch { count prompt images { seed } } } }';

    it.each<[string, object]>([
      ['a prompt of 10,000 emoji, which are 20,000 UTF-16 units', { prompt: '🌙'.repeat(10_000) }],
      ['the highest seed for its count', { count: 4, seed: HIGHEST - 4 }],
      ['seed 0', { seed: 0 }],
      ['width and height 2048 by 64', { width: 2048, height: 64 }],
      ['steps 10,000 and cfg 0', { steps: 10_000, cfg: 0 }],
      ['blanks within a name', { character: 'Luna of the Lake' }],
      ['an idempotency key of 200 emoji', { idempotencyKey: '🔑'.repeat(200) }],
      ['empty parameters', { parameters: {} }],
    ])('%s', async (_what, input) => {
      const asked = { username: 'edge', character: 'luna', prompt: 'x', count: 1, width: 64, height: 64, ...input };
      const { generateBatch } = await service.api.ask(`mutation ($input: GenerateBatchInput!) ${EDGES}`, { input: asked });
      expect(generateBatch.batch).toMatchObject({ count: asked.count, prompt: asked.prompt });
    });

    it('the highest seed is counted up exactly', async () => {
      const input = { username: 'edge', character: 'luna', prompt: 'x', count: 3, width: 64, height: 64, seed: HIGHEST - 3 };
      const { generateBatch } = await service.api.ask(`mutation ($input: GenerateBatchInput!) ${EDGES}`, { input });
      expect(generateBatch.batch.images.map(({ seed }: { seed: number }) => seed)).toEqual([HIGHEST - 3, HIGHEST - 2, HIGHEST - 1]);
    });

    it('a batch of 100 images', async () => {
      const { generateBatch } = await service.api.ask(`mutation ($input: GenerateBatchInput!) ${EDGES}`, {
        input: { username: 'edge', character: 'hundred', prompt: 'x', count: 100, width: 64, height: 64 },
      });
      expect(generateBatch.batch.images).toHaveLength(100);
    });
  });

  describe('of ids:', () => {
    const IDS = [UNKNOWN_ID, '', 'x', '../../etc/passwd', "' OR 1=1 --", NUL, LONE, '5'.repeat(5_000), `${UNKNOWN_ID} `, `{${UNKNOWN_ID}}`];

    it('an unknown or malformed id of a query is null', async () => {
      for (const id of IDS) {
        const { status, data, errors } = await service.api.send('query ($id: ID!) { batch(id: $id) { id } image(id: $id) { id } }', { id });
        expect({ status, data, errors }).toEqual({ status: 200, data: { batch: null, image: null }, errors: undefined });
      }
    });

    it.each([
      'cancelBatch(id: $id) { id }',
      'retryBatch(id: $id) { id }',
      'retryBatch(id: $id, positions: [1]) { id }',
      'deleteCharacter(id: $id)',
    ])('one of the mutation %s is NOT_FOUND', async (mutation) => {
      for (const id of IDS) await expectRefused(await service.api.send(`mutation ($id: ID!) { ${mutation} }`, { id }), 'NOT_FOUND');
    });

    it('an id in upper case is the same id', async () => {
      const { batch } = await service.api.ask('query ($id: ID!) { batch(id: $id) { id } }', { id: batchId.toUpperCase() });
      expect(batch.id).toBe(batchId);
    });
  });

  describe('of the other operations:', () => {
    it.each([[[0]], [[3]], [[-1]], [[1, 2, 3]]])('positions %j of a batch of two', async (positions) => {
      const retry = 'mutation ($id: ID!, $positions: [Int!]) { retryBatch(id: $id, positions: $positions) { id } }';
      await expectRefused(await service.api.send(retry, { id: batchId, positions }), 'BAD_USER_INPUT', ['positions']);
    });

    it('positions that are named again and again are no fault', async () => {
      const retry = 'mutation ($id: ID!, $positions: [Int!]) { retryBatch(id: $id, positions: $positions) { id } }';
      const { errors } = await service.api.send(retry, { id: batchId, positions: Array(70_000).fill(1) });
      expect(errors).toBeUndefined();
    });

    it.each([
      ['batches(first: 0) { nodes { id } }', 'first'],
      ['batches(first: 101) { nodes { id } }', 'first'],
      ['batches(first: -1) { nodes { id } }', 'first'],
      ['images(first: 0) { nodes { id } }', 'first'],
      ['images(first: 101) { nodes { id } }', 'first'],
      ['characters(first: 0) { nodes { id } }', 'first'],
      ['characters(first: 101) { nodes { id } }', 'first'],
      ['batches { nodes { events(first: 0) { number } } }', 'first'],
      ['batches { nodes { events(first: 101) { number } } }', 'first'],
      ['batches { nodes { events(after: -1) { number } } }', 'after'],
      ['series(character: "luna") { lastIndex }', 'username'],
      ['character(name: "luna") { id }', 'username'],
    ])('%s', async (query, field) => {
      const { errors } = await service.api.send(`{ ${query} }`);
      expect(errors![0].extensions).toEqual({ code: 'BAD_USER_INPUT', fields: [{ field, message: expect.any(String) }] });
    });

    it('a cursor that no list has given out', async () => {
      const forged = [
        '',
        ' ',
        '1.5 ',
        '99999999999999 ',
        '2026-01-01T00:00:00.000Z',
        '+275760-09-13T00:00:00.000Z ',
        '0000-01-01T00:00:00.000Z ',
        'infinity ',
        '-1 ',
      ];
      const cursors = [
        '',
        'x',
        '%',
        NUL,
        'é'.repeat(2_000),
        ...forged.map((text) => Buffer.from(`${text}${UNKNOWN_ID}`).toString('base64url')),
      ];
      for (const list of ['batches', 'images', 'characters']) {
        for (const after of cursors) {
          const answer = await service.api.send(`query ($after: String) { ${list}(after: $after) { nodes { id } } }`, { after });
          await expectRefused(answer, 'BAD_USER_INPUT', ['after']);
        }
      }
    });

    it.each([
      ['query ($text: String!) { batches(username: $text) { nodes { id } } }', 'username'],
      ['query ($text: String!) { batches(character: $text) { nodes { id } } }', 'character'],
      ['query ($text: String!) { images(username: $text) { nodes { id } } }', 'username'],
      ['query ($text: String!) { images(character: $text) { nodes { id } } }', 'character'],
      ['query ($text: String!) { characters(username: $text) { nodes { id } } }', 'username'],
      ['query ($text: String!) { series(username: $text, character: "luna") { lastIndex } }', 'username'],
      ['query ($text: String!) { series(username: "ada", character: $text) { lastIndex } }', 'character'],
      ['query ($text: String!) { character(username: $text, name: "luna") { id } }', 'username'],
      ['query ($text: String!) { character(username: "ada", name: $text) { id } }', 'name'],
      ['mutation ($text: String!) { saveCharacter(input: { username: $text, name: "x" }) { id } }', 'username'],
      ['mutation ($text: String!) { saveCharacter(input: { username: "ada", name: $text }) { id } }', 'name'],
      ['mutation ($text: String!) { saveCharacter(input: { username: "ada", name: "x", embedding: $text }) { id } }', 'embedding'],
      ['mutation ($text: String!) { saveCharacter(input: { username: "ada", name: "x", promptPrefix: $text }) { id } }', 'promptPrefix'],
      [
        'mutation ($text: String!) { saveCharacter(input: { username: "ada", name: "x", negativePrompt: $text }) { id } }',
        'negativePrompt',
      ],
      ['mutation ($text: String!) { saveCharacter(input: { username: "ada", name: "x", workflow: $text }) { id } }', 'workflow'],
    ])('NUL and lone surrogates in %s', async (operation, field) => {
      for (const text of [NUL, LONE]) await expectRefused(await service.api.send(operation, { text }), 'BAD_USER_INPUT', [field]);
    });

    it.each<[string, object, string]>([
      ['an empty name', { name: '' }, 'name'],
      ['a name with a leading blank', { name: ' luna' }, 'name'],
      ['a name of 65 characters', { name: 'x'.repeat(65) }, 'name'],
      ['no username', { username: null }, 'username'],
      ['a username with a trailing blank', { username: 'ada ' }, 'username'],
      ['an empty embedding', { embedding: '' }, 'embedding'],
      ['an embedding of two words', { embedding: 'two words' }, 'embedding'],
      ['an embedding of 201 characters', { embedding: 'x'.repeat(201) }, 'embedding'],
      ['a prompt prefix of 2,001 characters', { promptPrefix: 'x'.repeat(2_001) }, 'promptPrefix'],
      ['a negative prompt of 10,001 characters', { negativePrompt: 'x'.repeat(10_001) }, 'negativePrompt'],
    ])('saveCharacter with %s', async (_what, input, field) => {
      const answer = await service.api.send('mutation ($input: SaveCharacterInput!) { saveCharacter(input: $input) { id } }', {
        input: { username: 'ada', name: 'luna', ...input },
      });
      await expectRefused(answer, 'BAD_USER_INPUT', [field]);
    });
  });

  describe('that is no lawful request:', () => {
    const query = (text: string) => JSON.stringify({ query: text });

    it.each([
      ['malformed GraphQL', query('mutation { generateBatch('), 400, 'GRAPHQL_PARSE_FAILED'],
      ['braces without end', query('{'.repeat(100_000)), 400, 'GRAPHQL_PARSE_FAILED'],
      ['braces closed again', query(`${'{ batch '.repeat(50_000)}${'}'.repeat(50_000)}`), 400, 'GRAPHQL_PARSE_FAILED'],
      ['an unknown field', query('{ nonsense }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['a missing argument', query('{ batch { id } }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
      [
        'a literal of the wrong type',
        query('mutation { generateBatch(input: { count: 1.5 }) { replayed } }'),
        400,
        'GRAPHQL_VALIDATION_FAILED',
      ],
      ['an id that is no text', query('{ batch(id: 1.5) { id } }'), 400, 'GRAPHQL_VALIDATION_FAILED'],
      ['two operations without a name', query('query a { backends { name } } query b { backends { name } }'), 400, 'BAD_USER_INPUT'],
      ['an unknown operation', JSON.stringify({ query: '{ backends { name } }', operationName: 'nonsense' }), 400, 'BAD_USER_INPUT'],
      [
        'a subscription over HTTP',
        query(`subscription { imageStatusChanged(batchId: "${UNKNOWN_ID}") { number } }`),
        400,
        'BAD_USER_INPUT',
      ],
      ...[
        { extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
        { query: '{ __typename }', extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } } },
        { query: '{ __typename }', extensions: { persistedQuery: { version: 2 } } },
        { query: '{ __typename }', extensions: { persistedQuery: 5 } },
      ].map((asked): [string, string, number, string] => ['a persisted query', JSON.stringify(asked), 200, 'BAD_USER_INPUT']),
      ['no query', '{}', 400, 'BAD_USER_INPUT'],
      ['an empty query', query(''), 400, 'BAD_USER_INPUT'],
      ['an empty body', '', 400, 'BAD_USER_INPUT'],
      ['a query that is no text', '{"query":5}', 400, 'BAD_USER_INPUT'],
      ['variables that are a text', '{"query":"{ __typename }","variables":"x"}', 400, 'BAD_USER_INPUT'],
      ['a list of operations', '[{"query":"{ __typename }"}]', 400, 'BAD_USER_INPUT'],
      ['broken JSON', '{"query":', 400, 'GRAPHQL_PARSE_FAILED'],
      ['JSON that is no object', '"x"', 400, 'GRAPHQL_PARSE_FAILED'],
      ['10 MB', query(`{ batch(id: "${'x'.repeat(10_000_000)}") { id } }`), 413, 'PAYLOAD_TOO_LARGE'],
    ])('%s', async (_what, body, status, code) => {
      const answer = await sent(body);
      expect(answer.errors![0].message).not.toBe('');
      expect({ status: answer.status, code: answer.errors![0].extensions.code }).toEqual({ status, code });
      expect(JSON.stringify(answer).length).toBeLessThan(2_000);
      expect(JSON.stringify(answer)).not.toMatch(/node_modules|call stack|"stack/);
      expect(await traces()).toEqual(before);
    });

    const body = query('{ __typename }');
    const zipped = { 'content-encoding': 'gzip' };

    it.each<[string, Record<string, string>, string | Buffer, number, string]>([
      ['gzip that is none', zipped, body, 400, 'BAD_USER_INPUT'],
      ['gzip that is cut short', zipped, gzipSync(body).subarray(0, -9), 400, 'BAD_USER_INPUT'],
      ['brotli that is none', { 'content-encoding': 'br' }, body, 400, 'BAD_USER_INPUT'],
      ['an unknown compression', { 'content-encoding': 'zip' }, body, 415, 'BAD_USER_INPUT'],
      ['an unknown charset', { 'content-type': 'application/json; charset=nonsense' }, body, 415, 'BAD_USER_INPUT'],
      ['a charset that JSON cannot have', { 'content-type': 'application/json; charset=latin1' }, body, 415, 'BAD_USER_INPUT'],
      ['10 MB in a few', zipped, gzipSync(query('x'.repeat(10_000_000))), 413, 'PAYLOAD_TOO_LARGE'],
    ])('a body of %s', async (_what, headers, packed, status, code) => {
      const answer = await posted(headers, packed);
      expect({ status: answer.status, errors: answer.errors }).toEqual({
        status,
        errors: [{ message: expect.any(String), extensions: { code } }],
      });
      expect(JSON.stringify(answer)).not.toMatch(/nonsense|latin1|node_modules|incorrect header/i);
    });

    it.each<[string, Record<string, string>, string | Buffer]>([
      ['gzip', zipped, gzipSync(body)],
      ['UTF-16', { 'content-type': 'application/json; charset=utf-16le' }, Buffer.from(body, 'utf16le')],
    ])('a body of %s is one, though', async (_what, headers, packed) => {
      expect(await posted(headers, packed)).toEqual({ status: 200, data: { __typename: 'Query' } });
    });

    it('a body in a form that is not JSON', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/json; charset=nonsense']) {
        const response = await fetch(`${service.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body: 'x' });
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.status).toBeLessThan(500);
        expect(await response.text()).not.toMatch(/node_modules|\bat /);
      }
    });

    it('a mutation by GET', async () => {
      const mutation = encodeURIComponent(`mutation { cancelBatch(id: "${batchId}") { id } }`);
      const response = await fetch(`${service.url}/graphql?query=${mutation}`, { headers: { 'content-type': 'application/json' } });
      expect(response.status).toBe(405);
      expect(((await response.json()) as Answer<null>).errors![0].extensions.code).toBe('BAD_USER_INPUT');
    });
  });

  async function posted(headers: Record<string, string>, body: string | Buffer): Promise<Answer<any>> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
    const response = await fetch(`${service.url}/graphql`, init);
    return { status: response.status, ...((await response.json()) as Omit<Answer<any>, 'status'>) };
  }

  async function sent(body: string): Promise<Answer<any>> {
    const response = await service.api.post(body);
    return { status: response.status, ...((await response.json()) as Omit<Answer<any>, 'status'>) };
  }
});
