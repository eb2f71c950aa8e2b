import { once } from 'node:events';
import { SignJWT } from 'jose';
import { createServer } from 'node:http';
import { AddressInfo } from 'node:net';
import { startTestService, TestService } from '../service/test-service.js';
import { filmroll, FilmrollProcess } from '../audit/filmroll-process.js';
import { LossyProxy } from './lossy-proxy.js';
import { lineOf, linesOf } from './watching.js';

const SMALL = ['--character', 'luna', '--width', '64', '--height', '64'];
const FOR_ADA = [...SMALL, '--username', 'ada'];
const SECRET = 'a secret of at least thirty-two characters';

describe('filmroll generate', () => {
  let service: TestService;
  const here = () => ({ FILMROLL_URL: service.url });

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  async function batches(): Promise<string[]> {
    const { batches } = await service.api.ask('{ batches(first: 100) { nodes { id } } }');
    return batches.nodes.map(({ id }: { id: string }) => id);
  }

  it('watches its batch to the end, in one JSON object a line', async () => {
    const { code, stdout, stderr } = await filmroll(['generate', 'at dusk', ...FOR_ADA, '--count', '3', '--seed', '17', '--json'], here());
    const [first, ...rest] = linesOf(stdout);
    const [events, last] = [rest.slice(0, -1), rest.at(-1)];

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(first).toMatchObject({ type: 'batch', username: 'ada', character: 'luna', count: 3, status: 'QUEUED' });
    expect(first.images.map(({ seed }: { seed: number }) => seed)).toEqual([17, 18, 19]);
    expect(events.map(({ type }) => type)).toEqual(Array(15).fill('event'));
    expect(events.map(({ number }) => number)).toEqual(Array.from(events, (_, at) => at + 1));
    expect(events.at(-1)).toMatchObject({ status: 'UPLOADED', batchStatus: 'COMPLETED', error: null });
    expect(last).toMatchObject({ type: 'summary', id: first.id, status: 'COMPLETED', counts: { uploaded: 3 } });
    for (const { url, sha256 } of last.images) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect((await fetch(url)).status).toBe(200);
    }
  });

  it('tells people line by line, and where the pictures are', async () => {
    const { code, stdout } = await filmroll(['generate', 'at dusk', ...FOR_ADA, '--count', '2'], here());

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Batch \S+: 2 pictures of luna for ada\.$/m);
    expect(stdout).toMatch(/^picture 2 of 2, index \d+: uploaded$/m);
    expect(stdout).toMatch(new RegExp(`${service.url}/assets/\\S+\\.png .* [0-9a-f]{64} `));
    expect(stdout).toMatch(/^All 2 pictures of batch \S+ are stored\.$/m);
    // Nothing that only a terminal understands.
    expect(stdout).not.toContain('\u001B');
  });

  it('makes one batch when answers are lost', async () => {
    const before = await batches();
    const proxy = new LossyProxy(service.url, 2);
    const { code, stderr } = await filmroll(['generate', 'at dusk', ...FOR_ADA, '--patience', '3s', '--url', await proxy.open()], {});
    await proxy.close();
    const keys = proxy.bodies.slice(0, 3).map((body) => JSON.parse(body).variables.input.idempotencyKey);

    // Websockets do not pass here, so that it gives up following in the end.
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/could not be reached within 3 seconds.*filmroll watch/s) });
    expect(new Set(keys).size).toBe(1);
    expect((await batches()).length).toBe(before.length + 1);
  });

  it('shows the first batch when it is run again under the same key', async () => {
    const args = ['generate', 'at dusk', ...FOR_ADA, '--idempotency-key', 'order-17', '--json'];
    const [first, again] = [await filmroll(args, here()), await filmroll(args, here())];

    expect([first.code, again.code]).toEqual([0, 0]);
    expect(linesOf(again.stdout).at(-1)).toEqual(linesOf(first.stdout).at(-1));
  });

  it.each([
    ['a width that no generator makes', ['--username', 'ada', '--width', '65'], /^--width must be 64…2048 and a multiple of 8\n$/],
    ['no pictures', ['--username', 'ada', '--count', '0'], /^--count must be at least 1\n$/],
    ['nobody', [], /^--username is required/],
    ['a workflow that is not there', ['--username', 'ada', '--workflow', 'none'], /workflow/],
    ['a count that is no number', ['--username', 'ada', '--count', 'many'], /--count.*whole number/],
    ['a seed that no number holds exactly', ['--seed', '9007199254740993'], /--seed.*too large/],
    ['an address that is none', ['--url', 'ftp://example.com'], /^--url must begin with http/],
    ['an address with a password', ['--url', 'http://ada:hidden@127.0.0.1'], /^--url must hold no username/],
    ['a token that is none', ['--token', 'not a token'], /^--token holds characters/],
    ['a time that is none', ['--patience', 'long'], /^--patience must be a time/],
  ])('refuses %s with 2, and says which field', async (_what, args, message) => {
    const before = await batches();
    const { code, stdout, stderr } = await filmroll(['generate', 'at dusk', '--character', 'luna', ...args], here());

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/hidden|not a token|\n {4}at /);
    expect(await batches()).toEqual(before);
  });

  it('ends with 3 when nothing answers, and says how to find out about the batch', async () => {
    const url = await freeAddress();
    const { code, stderr } = await filmroll(['generate', 'at dusk', ...FOR_ADA, '--url', url, '--patience', '500ms'], {});

    expect(code).toBe(3);
    expect(stderr).toMatch(`${url} does not answer (ECONNREFUSED): trying again for up to 500 ms.`);
    expect(stderr).toMatch(/could not be reached within 500 ms \(ECONNREFUSED\)\. .* --idempotency-key \S+ finds out/);
  });

  it('ends with 2 where what answers is something else', async () => {
    const server = createServer((_, res) => void res.writeHead(404).end('nothing'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, stderr } = await filmroll(['generate', 'at dusk', ...FOR_ADA, '--url', url], {});
    server.close();

    expect({ code, stderr }).toEqual({ code: 2, stderr: `What answers at ${url}/graphql is no Filmroll (HTTP 404).\n` });
  });
});

describe('filmroll generate, at a service that knows its callers', () => {
  let service: TestService;
  let token: string;

  beforeAll(async () => {
    service = await startTestService({ JWT_SECRET: SECRET });
    token = await new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET));
  });

  afterAll(() => service.close());

  it.each(['in the environment', 'as an option'])('is let in with its token %s, and never shows it', async (where) => {
    const [settings, args] = where === 'as an option' ? [{}, ['--token', token]] : [{ FILMROLL_TOKEN: token }, []];
    const { code, stdout, stderr } = await filmroll(['generate', 'at dusk', ...SMALL, '--url', service.url, ...args], settings);

    expect(code).toBe(0);
    expect(stdout).toMatch(/for ada\./);
    expect(stdout + stderr).not.toContain(token);
  });

  it.each([
    ['no token', {}],
    ['a token of another secret', { FILMROLL_TOKEN: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.bm9uZQ' }],
  ])('ends with 2 on %s', async (_what, settings) => {
    const { code, stderr } = await filmroll(['generate', 'at dusk', ...SMALL, '--url', service.url], settings);

    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'The service wants a valid token: set FILMROLL_TOKEN, or pass --token.\n',
    });
  });

  it("says of another user's batch what it says of none", async () => {
    const bob = await new SignJWT({ sub: 'bob' }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(SECRET));
    const made = await filmroll(['generate', 'at dusk', ...SMALL, '--url', service.url, '--count', '1', '--json'], {
      FILMROLL_TOKEN: token,
    });
    const { id } = linesOf(made.stdout)[0];
    const { code, stderr } = await filmroll(['watch', id, '--url', service.url], { FILMROLL_TOKEN: bob });

    expect({ code, stderr }).toEqual({ code: 2, stderr: `There is no batch ${id} here, or it is another user's.\n` });
  });
});

describe('filmroll generate, stopped', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({ DEMO_TIME: '1h', SHUTDOWN_TIMEOUT: '0ms' });
  });

  afterAll(() => service.close());

  it('leaves the batch alone and says how to go on, which ends with 1 when it is cancelled', async () => {
    const started = FilmrollProcess.start(['generate', 'at dusk', ...FOR_ADA, '--count', '2', '--json'], { FILMROLL_URL: service.url });
    const { id } = JSON.parse(await lineOf(started, (line) => line.includes('"batch"')));
    started.process.kill('SIGINT');
    const { code, stderr } = await started.ending;

    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: `Stopped. The batch goes on without this command; to see how: filmroll watch ${id}\n`,
    });
    expect((await service.api.ask('query ($id: ID!) { batch(id: $id) { counts { cancelled } } }', { id })).batch.counts.cancelled).toBe(0);

    const watching = FilmrollProcess.start(['watch', id], { FILMROLL_URL: service.url });
    await lineOf(watching, (line) => line.endsWith(': queued'));
    await service.api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { id } }', { id });
    const watched = await watching.ending;

    expect({ code: watched.code, stderr: watched.stderr }).toEqual({ code: 1, stderr: '' });
    expect(watched.stdout).toMatch(`0 of 2 pictures of batch ${id} are stored; 0 failed, 2 cancelled.`);
  });
});

async function freeAddress(): Promise<string> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
