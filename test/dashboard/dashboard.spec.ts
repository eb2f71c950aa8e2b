import { JWTPayload, SignJWT } from 'jose';
import { untilCounts } from '../pipeline/until.js';
import { startTestService, TestService } from '../service/test-service.js';

const SECRET = 'a secret of at least thirty-two characters';
const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

interface ShownQueue {
  name: string;
  counts: Record<string, number>;
  isPaused: boolean;
  readOnlyMode: boolean;
}

function sign(payload: JWTPayload): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET));
}

async function queuesAt(url: string): Promise<ShownQueue[]> {
  const response = await fetch(`${url}/queues/api/queues`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { queues: ShownQueue[] }).queues;
}

describe('the queue dashboard of an open service', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({ DEMO_TIME: '1h', SHUTDOWN_TIMEOUT: '0ms' });
  });

  afterAll(() => service.close());

  it('shows both queues, and what they hold', async () => {
    expect((await queuesAt(service.url)).map(({ name }) => name)).toEqual(['generation', 'upload']);

    await untilCounts(service.api, await service.api.generate({ count: 3 }), { generating: 2 });
    const [{ counts }] = await queuesAt(service.url);
    expect(counts.active).toBeGreaterThan(0);
  });

  it.each([
    ['PUT', '/queues/api/queues/pause'],
    ['PUT', '/queues/api/queues/generation/pause'],
    ['PUT', '/queues/api/queues/generation/obliterate'],
    ['PUT', '/queues/api/queues/generation/empty'],
    ['POST', '/queues/api/queues/generation/add'],
  ])('has nothing for %s %s', async (method, path) => {
    const response = await fetch(service.url + path, { method });

    expect(response.status).toBe(404);
    for (const queue of await queuesAt(service.url)) expect(queue).toMatchObject({ readOnlyMode: true, isPaused: false });
  });

  it('loads nothing from elsewhere, and no script that is not a file of its own', async () => {
    const response = await fetch(`${service.url}/queues`, { headers: BROWSER });
    const page = await response.text();
    const addresses = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => new URL(address, `${service.url}/queues/`));

    expect(response.headers.get('content-security-policy')).toMatch("default-src 'none'; script-src 'self';");
    expect(response.headers.get('x-powered-by')).toBeNull();
    expect(addresses.length).toBeGreaterThan(5);
    expect(addresses.filter(({ origin }) => origin !== service.url)).toEqual([]);
  });

  it('is not there in a process that only works', async () => {
    const worker = await service.another({ ROLE: 'worker' });

    expect((await fetch(`${worker.url}/queues`)).status).toBe(404);
    expect((await fetch(`${worker.url}/queues/api/queues`)).status).toBe(404);
  });
});

describe('the queue dashboard of a service that knows its callers', () => {
  const tokens: Record<'admin' | 'user' | 'expired', string> = {} as never;
  let service: TestService;

  beforeAll(async () => {
    const now = Math.floor(Date.now() / 1_000);
    tokens.admin = await sign({ sub: 'root', role: 'admin' });
    tokens.user = await sign({ sub: 'ada' });
    tokens.expired = await sign({ sub: 'root', role: 'admin', exp: now - 60 });
    service = await startTestService({ JWT_SECRET: SECRET, PUBLIC_URL: 'https://pictures.example' });
  });

  afterAll(() => service.close());

  const paths = [
    '/queues',
    '/queues/',
    '/queues/queue/generation',
    '/queues/api/queues',
    '/queues/static/favicon.ico',
    '/QUEUES/api/queues',
  ];

  async function statuses(headers: Record<string, string>): Promise<number[]> {
    return Promise.all(paths.map(async (path) => (await fetch(service.url + path, { headers })).status));
  }

  function signIn(token: string): Promise<Response> {
    return fetch(`${service.url}/queues/sign-in`, {
      ...{ method: 'POST', redirect: 'manual' },
      ...{ headers: { ...FORM, ...BROWSER }, body: new URLSearchParams({ token }).toString() },
    });
  }

  it('lets an admin in by the header', async () => {
    expect(await statuses({ Authorization: `Bearer ${tokens.admin}` })).toEqual(paths.map(() => 200));
  });

  it.each<[string, number, () => Record<string, string>]>([
    ['nobody', 401, () => ({})],
    ['an expired token', 401, () => ({ Authorization: `Bearer ${tokens.expired}` })],
    ['an expired token in the cookie', 401, () => ({ Cookie: `filmroll_admin=${tokens.expired}` })],
    ['nonsense in the cookie', 401, () => ({ Cookie: 'filmroll_admin=%%%' })],
    ['a user', 403, () => ({ Authorization: `Bearer ${tokens.user}` })],
    ['a user in the cookie', 403, () => ({ Cookie: `filmroll_admin=${tokens.user}` })],
  ])('keeps %s out of every address, with %i', async (_who, status, headers) => {
    expect(await statuses(headers())).toEqual(paths.map(() => status));
  });

  it('asks a browser to sign in, and tells a program what is missing', async () => {
    const page = await fetch(`${service.url}/queues`, { headers: BROWSER });
    const answer = await fetch(`${service.url}/queues/api/queues`);

    expect(page.headers.get('content-type')).toMatch('text/html');
    expect(await page.text()).toMatch('<form method="post" action="/queues/sign-in">');
    expect(page.headers.get('content-security-policy')).toMatch("form-action 'self'");
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('keeps an admin who has signed in, in a cookie for the dashboard alone', async () => {
    const response = await signIn(` ${tokens.admin}\n`);
    const cookie = response.headers.get('set-cookie')!;

    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/queues');
    expect(cookie).toBe(`filmroll_admin=${tokens.admin}; Path=/queues; HttpOnly; Secure; SameSite=Strict`);
    const Cookie = cookie.split(';')[0];
    expect(await statuses({ Cookie: `other=1; ${Cookie}` })).toEqual(paths.map(() => 200));
    const graphql = await fetch(`${service.url}/graphql?query=%7Bbackends%7Bname%7D%7D`, {
      headers: { Cookie, 'apollo-require-preflight': '1' },
    });
    expect(await graphql.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it.each<[string, number, () => string]>([
    ['a user', 403, () => tokens.user],
    ['an expired token', 401, () => tokens.expired],
    ['nothing', 401, () => ''],
  ])('gives no cookie for %s', async (_what, status, token) => {
    const response = await signIn(token());

    expect(response.status).toBe(status);
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).toMatch('<form');
  });
});
