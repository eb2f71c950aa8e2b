import { once } from 'node:events';
import { IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';
import { RefusedError } from '../service/api-client.js';
import { startTestService, TestService } from '../service/test-service.js';

const MEGABYTE = 2 ** 20;
const UNKNOWN_BATCH = '{"id":"1","type":"subscribe","payload":{"query":"{ batch(id: \\"\\") { id } }","extensions":{"filler":""}}}';

describe('a websocket', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  const open = (path: string) => new WebSocket(`${service.url.replace('http', 'ws')}${path}`, 'graphql-transport-ws');

  /** One that has been let in. */
  async function connected(): Promise<WebSocket> {
    const socket = open('/graphql');
    await once(socket, 'open');
    socket.send('{"type":"connection_init"}');
    await once(socket, 'message');
    return socket;
  }

  /** An operation in a message of so many bytes. */
  const messageOf = (bytes: number) => UNKNOWN_BATCH.replace('"filler":""', `"filler":"${'x'.repeat(bytes - UNKNOWN_BATCH.length)}"`);

  it('takes a message of 1 MB', async () => {
    const socket = await connected();
    socket.send(messageOf(MEGABYTE));
    const [answer] = await once(socket, 'message');
    expect(JSON.parse(String(answer))).toEqual({ id: '1', type: 'next', payload: { data: { batch: null } } });
    socket.close();
  });

  it('is closed by a larger message, whole or in pieces, without a word in the log', async () => {
    const printed = ['error', 'warn', 'log'].map((level) => jest.spyOn(console, level as 'error').mockImplementation());
    for (const pieces of [[messageOf(MEGABYTE + 1)], [messageOf(MEGABYTE), 'x']]) {
      const socket = await connected();
      for (const [k, piece] of pieces.entries()) socket.send(piece, { fin: k === pieces.length - 1 });
      const [code] = await once(socket, 'close');
      expect(code).toBe(1009);
    }
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
    jest.restoreAllMocks();
    expect(await service.api.ask('{ __typename }')).toEqual({ __typename: 'Query' });
  });

  it.each(['/', '/graphqlx', '/graphql/x', '/assets/x.png', '/health/live', '/nowhere?path=/graphql'])(
    'is answered with 404 at %s, and the connection ends',
    async (path) => {
      const [refusal] = await once(open(path), 'unexpected-response').then(([, response]) => [response as IncomingMessage]);
      expect(refusal.statusCode).toBe(404);
      await once(refusal.resume().socket, 'close');
    },
  );

  it('may name anything behind the path', async () => {
    const socket = open('/graphql?from=anywhere');
    await once(socket, 'open');
    expect(socket.protocol).toBe('graphql-transport-ws');
    socket.close();
  });

  it.each([
    ['GET', 400],
    ['POST', 405],
  ])('is the only thing that %s /graphql can be upgraded to', async (method, status) => {
    const headers = { connection: 'Upgrade', upgrade: 'h2c' };
    const [response] = (await once(request(`${service.url}/graphql`, { method, headers }).end(), 'response')) as [IncomingMessage];
    expect(response.resume().statusCode).toBe(status);
  });

  it('tells the schema, unless INTROSPECTION is false', async () => {
    const query = '{ __schema { queryType { name } } }';
    const told = { __schema: { queryType: { name: 'Query' } } };
    expect((await service.api.follow(query).next()).value).toEqual(told);
    const other = await service.another({ INTROSPECTION: 'false' });
    const refusal = await other.api
      .follow(query)
      .next()
      .catch((error: unknown) => error);
    expect((refusal as RefusedError).errors[0].extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
    await other.stop();
  });

  it('is told to go when the service stops', async () => {
    const other = await service.another();
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await other.stop();
    expect((await closed)[0]).toBe(1001);
  });

  it('that does not answer holds up no stop', async () => {
    const other = await service.another();
    const socket = new WebSocket(`${other.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.pause();
    const started = performance.now();
    await other.stop();
    expect(performance.now() - started).toBeLessThan(10_000);
    socket.terminate();
  });
});
