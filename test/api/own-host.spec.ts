import { once } from 'node:events';
import { IncomingMessage, request } from 'node:http';
import { startTestService, TestService } from '../service/test-service.js';

const PATHS = [
  '/',
  '/graphql',
  '/graphql?query={__typename}',
  '/queues',
  '/assets/x.png',
  '/studio/assets/x.js',
  '/health/live',
  '/metrics',
];

describe('an open service', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({ PUBLIC_URL: 'https://pictures.example' });
  });

  afterAll(() => service.close());

  /** The answer under a name that leads here, however it came about. */
  async function asked(host: string, path: string, options: object = {}, { url }: { url: string } = service): Promise<IncomingMessage> {
    const sent = request(url + path, { ...options, headers: { host, accept: '*/*', 'apollo-require-preflight': 'yes' } }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return answer.resume();
  }

  /** How a websocket of a page of that name is answered. */
  async function upgraded(host: string): Promise<number | undefined> {
    const key = { 'sec-websocket-key': 'x'.repeat(22) + '==', 'sec-websocket-version': '13' };
    const headers = { host, origin: `http://${host}`, connection: 'Upgrade', upgrade: 'websocket', ...key };
    const sent = request(`${service.url}/graphql`, { headers }).end();
    const [answer, socket] = await Promise.race([once(sent, 'response'), once(sent, 'upgrade')]);
    socket?.destroy();
    return (answer as IncomingMessage).statusCode;
  }

  it.each(['elsewhere.example', 'elsewhere.example:3000', 'localhost.elsewhere.example', '127.0.0.1.elsewhere.example', '10.0.0.1', 'a b'])(
    'answers nothing under the name %j, which a page elsewhere could have lead here',
    async (host) => {
      for (const path of PATHS) expect([path, (await asked(host, path)).statusCode]).toEqual([path, 403]);
      expect((await asked(host, '/graphql', { method: 'POST' })).statusCode).toBe(403);
      expect(await upgraded(host)).toBe(403);
    },
  );

  it.each(['localhost', 'LOCALHOST:3000', 'filmroll.localhost:3000', '127.0.0.1', '127.0.0.1:80', '[::1]:3000', 'pictures.example'])(
    'answers under its own name %s',
    async (host) => {
      expect((await asked(host, '/health/live')).statusCode).toBe(200);
      expect((await asked(host, '/graphql?query={__typename}')).statusCode).toBe(200);
      expect(await upgraded(host)).toBe(101);
    },
  );

  it('answers under any name where anybody is welcome, and where callers prove who they are', async () => {
    for (const [name, value] of [
      ['ALLOW_ANONYMOUS', 'true'],
      ['JWT_SECRET', 'a secret of at least thirty-two characters'],
    ]) {
      const other = await service.another({ [name]: value });
      expect((await asked('elsewhere.example', '/health/live', {}, other)).statusCode).toBe(200);
      await other.stop();
    }
  });
});
