import { exportJWK, generateKeyPair, JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { createClient } from 'graphql-ws';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { CloseEvent, WebSocket } from 'ws';
import { Answer, ApiClient, RefusedError } from '../service/api-client.js';
import { startTestService, TestService } from '../service/test-service.js';

const SECRET = 'a secret of at least thirty-two characters';
const MINE = '{ batches { nodes { id } } }';
const FOLLOW = 'subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { number } }';

function sign(payload: JWTPayload, secret = SECRET, alg = 'HS256'): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));
}

const codeOf = ({ errors }: Answer<unknown>) => errors?.[0].extensions.code;

/** How the service ends a websocket: the code of its close frame, or none where it lets the client follow. */
async function closeCode(
  url: string,
  connectionParams: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<number | undefined> {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers });
    }
  }
  const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: Socket, retryAttempts: 0, connectionParams });
  const followed = client.iterate({ query: MINE }).next();
  return followed.then(
    () => undefined,
    (reason: CloseEvent) => reason.code,
  );
}

describe('a service that knows its callers', () => {
  let service: TestService;
  const api: Record<'ada' | 'bob' | 'root', ApiClient> = {} as never;
  let batchId: string;
  let imageId: string;
  let characterId: string;

  beforeAll(async () => {
    service = await startTestService({ JWT_SECRET: SECRET, DEMO_TIME: '1h', SHUTDOWN_TIMEOUT: '0ms' });
    api.ada = new ApiClient(service.url, await sign({ sub: 'ada' }));
    api.bob = new ApiClient(service.url, await sign({ sub: 'bob', role: 'user' }));
    api.root = new ApiClient(service.url, await sign({ sub: 'root', role: 'admin' }));
    const { generateBatch } = await generate('ada', {});
    batchId = generateBatch.batch.id;
    imageId = generateBatch.batch.images[0].id;
    characterId = (await api.ada.ask('mutation { saveCharacter(input: { name: "luna" }) { id } }')).saveCharacter.id;
    await generate('bob', {});
  });

  afterAll(() => service.close());

  function generate(who: keyof typeof api, input: object): Promise<any> {
    const query =
      'mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { replayed batch { id username images { id } } } }';
    return api[who].ask(query, { input: { character: 'luna', prompt: 'at dusk', count: 1, width: 64, height: 64, ...input } });
  }

  async function usersOf(who: keyof typeof api, list: string, args = ''): Promise<string[]> {
    const { [list]: found } = await api[who].ask(`{ ${list}${args} { nodes { username } } }`);
    return [...new Set<string>(found.nodes.map(({ username }: { username: string }) => username))].toSorted();
  }

  describe('refuses, over HTTP and over a websocket,', () => {
    const soon = () => Math.floor(Date.now() / 1_000) + 60;

    it.each<[string, () => Promise<string | undefined> | string | undefined]>([
      ['nobody', () => undefined],
      ['an empty word', () => ''],
      ['a token that is none', () => 'nonsense'],
      ['a token of another secret', () => sign({ sub: 'ada' }, 'another secret of thirty-two characters')],
      ['a token that has expired', () => sign({ sub: 'ada', exp: soon() - 120 })],
      ['a token that is not valid yet', () => sign({ sub: 'ada', nbf: soon() })],
      ['a token without a signature', () => new UnsecuredJWT({ sub: 'ada' }).encode()],
      ['a token of another algorithm', () => sign({ sub: 'ada' }, SECRET.repeat(2), 'HS512')],
      ['a token of nobody', () => sign({ role: 'admin' })],
      ['a token of a number', () => sign({ sub: 5 } as never)],
      ['a token of a name with a blank at its end', () => sign({ sub: 'ada ' })],
      ['a token of a name with NUL', () => sign({ sub: 'a\0da' })],
      ['a token of a name of 65 characters', () => sign({ sub: 'x'.repeat(65) })],
    ])('%s', async (_what, makeToken) => {
      const token = await makeToken();
      const answer = await new ApiClient(service.url, token).send(MINE);
      expect({ status: answer.status, code: codeOf(answer), data: answer.data }).toEqual({
        status: 401,
        code: 'UNAUTHENTICATED',
        data: undefined,
      });
      expect(Object.keys(answer.errors![0].extensions)).toEqual(['code']);
      expect(await closeCode(service.url, token === undefined ? {} : { authorization: `Bearer ${token}` })).toBe(4403);
    });

    it('a token that is not sent as a bearer’s', async () => {
      const token = await sign({ sub: 'ada' });
      for (const authorization of [token, `Basic ${token}`, `Bearer ${token} ${token}`]) {
        const response = await fetch(`${service.url}/graphql?query=${encodeURIComponent(MINE)}`, {
          headers: { authorization, 'content-type': 'application/json' },
        });
        expect(response.status).toBe(401);
        expect(await closeCode(service.url, { authorization })).toBe(4403);
      }
    });

    it('an operation that would change something', async () => {
      const count = () => service.database.query('SELECT count(*) FROM batch');
      const before = await count();
      const answer = await new ApiClient(service.url).send(
        'mutation { generateBatch(input: { username: "ada", character: "luna", prompt: "x" }) { replayed } }',
      );
      expect(codeOf(answer)).toBe('UNAUTHENTICATED');
      expect(await count()).toEqual(before);
    });
  });

  it('ends a websocket with the token that opened it, and takes it again with a new one', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 3;
    const tokens = [await sign({ sub: 'ada', exp }), await sign({ sub: 'ada', exp: exp + 10_000_000 })];
    const codes: number[] = [];
    const client = createClient({
      url: `${service.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization: `Bearer ${tokens.shift()}` }),
      retryWait: async () => undefined,
      on: { closed: (event) => codes.push((event as CloseEvent).code) },
    });
    const numbers: unknown[] = [];
    for await (const { data } of client.iterate<any>({ query: FOLLOW, variables: { batchId } })) {
      numbers.push(data.imageStatusChanged.number);
      if (codes.length > 0) break;
    }
    await client.dispose();
    expect(codes[0]).toBe(4403);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1_000);
    expect(tokens).toEqual([]);
    expect(numbers.filter((number) => number === 1)).toHaveLength(2);
  });

  it('takes the token of a websocket from its parameters or its header', async () => {
    const authorization = `Bearer ${await sign({ sub: 'ada' })}`;
    expect(await closeCode(service.url, { authorization })).toBeUndefined();
    expect(await closeCode(service.url, { Authorization: authorization })).toBeUndefined();
    expect(await closeCode(service.url, {}, { authorization })).toBeUndefined();
    expect(await closeCode(service.url, { authorization }, { origin: 'http://elsewhere.example' })).toBeUndefined();
  });

  it('does what is asked for whoever asks', async () => {
    expect((await generate('bob', {})).generateBatch.batch.username).toBe('bob');
    expect((await generate('bob', { username: 'bob' })).generateBatch.batch.username).toBe('bob');
    const { series, character } = await api.ada.ask('{ series(character: "luna") { username } character(name: "luna") { username } }');
    expect([series.username, character.username]).toEqual(['ada', 'ada']);
  });

  it('takes a request that names its sender for the same as one that does not', async () => {
    const { generateBatch: first } = await generate('bob', { idempotencyKey: 'k' });
    const { generateBatch: again } = await generate('bob', { idempotencyKey: 'k', username: 'bob' });
    expect(again).toMatchObject({ replayed: true, batch: { id: first.batch.id } });
  });

  it('shows each their own, and null in place of another’s', async () => {
    const query = '{ batch(id: "BATCH") { id } image(id: "IMAGE") { id } }'.replace('BATCH', batchId).replace('IMAGE', imageId);
    expect(await api.ada.ask(query)).toEqual({ batch: { id: batchId }, image: { id: imageId } });
    expect(await api.bob.ask(query)).toEqual({ batch: null, image: null });
    for (const list of ['batches', 'images']) expect(await usersOf('bob', list)).toEqual(['bob']);
    expect(await usersOf('bob', 'characters')).toEqual([]);
  });

  it('answers NOT_FOUND to changes and subscriptions of another’s', async () => {
    const mutations = [
      `cancelBatch(id: "${batchId}") { id }`,
      `retryBatch(id: "${batchId}") { id }`,
      `deleteCharacter(id: "${characterId}")`,
    ];
    for (const mutation of mutations) expect(codeOf(await api.bob.send(`mutation { ${mutation} }`))).toBe('NOT_FOUND');
    for (const query of [FOLLOW, FOLLOW.replace('imageStatusChanged', 'imageProgress').replace('number', 'position')]) {
      const refusal = await api.bob
        .follow(query, { batchId })
        .next()
        .catch((error: RefusedError) => error);
      expect((refusal as RefusedError).errors[0].extensions.code).toBe('NOT_FOUND');
    }
    const { batch, character } = await api.ada.ask(`{ batch(id: "${batchId}") { counts { cancelled } } character(name: "luna") { id } }`);
    expect([batch.counts.cancelled, character.id]).toEqual([0, characterId]);
  });

  it.each([
    'query { batches(username: "ada") { nodes { id } } }',
    'query { images(username: "ada") { nodes { id } } }',
    'query { characters(username: "ada") { nodes { id } } }',
    'query { series(username: "ada", character: "luna") { lastIndex } }',
    'query { character(username: "ada", name: "luna") { id } }',
    'mutation { generateBatch(input: { username: "ada", character: "luna", prompt: "x" }) { replayed } }',
    'mutation { saveCharacter(input: { username: "ada", name: "luna" }) { id } }',
  ])('forbids naming another: %s', async (operation) => {
    expect(codeOf(await api.bob.send(operation))).toBe('FORBIDDEN');
    expect(codeOf(await api.ada.send(operation))).toBeUndefined();
  });

  it('lets an admin see everything and name anybody', async () => {
    expect(await api.root.ask(`{ batch(id: "${batchId}") { username } image(id: "${imageId}") { username } }`)).toEqual({
      ...{ batch: { username: 'ada' }, image: { username: 'ada' } },
    });
    for (const list of ['batches', 'images']) expect(await usersOf('root', list)).toEqual(['ada', 'bob']);
    expect(await usersOf('root', 'batches', '(username: "bob")')).toEqual(['bob']);
    expect((await generate('root', { username: 'cleo' })).generateBatch.batch.username).toBe('cleo');
    expect((await generate('root', {})).generateBatch.batch.username).toBe('root');
    expect((await api.root.follow(FOLLOW, { batchId }).next()).value).toEqual({ imageStatusChanged: { number: 1 } });
  });
});

describe('a service that takes its keys from a JWKS_URL', () => {
  it('lets in whom they prove, and asks for patience while they cannot be had', async () => {
    const [known, unknown] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
    const keys = JSON.stringify({ keys: [{ ...(await exportJWK(known.publicKey)), kid: 'k1', alg: 'ES256' }] });
    let away = true;
    const provider = createServer((_, response) => response.writeHead(away ? 500 : 200, { 'content-type': 'application/json' }).end(keys));
    await once(provider.listen(0, '127.0.0.1'), 'listening');
    const service = await startTestService({ JWKS_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/keys` });
    const tokenOf = ({ privateKey }: typeof known) =>
      new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: 'ES256', kid: 'k1' }).sign(privateKey);
    const asked = async (keys: typeof known) => new ApiClient(service.url, await tokenOf(keys)).send(MINE);

    const early = await asked(known);
    expect({ status: early.status, code: codeOf(early) }).toEqual({ status: 503, code: 'SERVICE_UNAVAILABLE' });
    expect(await closeCode(service.url, { authorization: `Bearer ${await tokenOf(known)}` })).toBe(1013);
    away = false;
    expect((await asked(known)).data).toEqual({ batches: { nodes: [] } });
    expect(codeOf(await asked(unknown))).toBe('UNAUTHENTICATED');
    provider.close();
    await service.close();
  });
});

describe('an open service', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  it('takes a websocket of its own pages and of programs', async () => {
    expect(await closeCode(service.url, {})).toBeUndefined();
    expect(await closeCode(service.url, {}, { origin: service.url })).toBeUndefined();
  });

  it.each(['http://elsewhere.example', 'null', 'http://127.0.0.1:1', 'file://', 'nonsense'])(
    'takes none of a page at %s',
    async (origin) => {
      expect(await closeCode(service.url, {}, { origin })).toBe(4403);
    },
  );

  it('takes no operation that a page elsewhere could send without asking', async () => {
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: '{"query":"{__typename}"}',
    });
    expect(response.status).toBe(400);
    const preflight = await fetch(`${service.url}/graphql`, { method: 'OPTIONS', headers: { origin: 'http://elsewhere.example' } });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });
});
