import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeCloudinary, type FakeCloudinaryOptions } from './fake-cloudinary.js';
import { type FaultName, faultNames } from './faults.js';
import { SdkClient } from './sdk-client.js';
import { smallPicture } from './small-picture.js';

let fake: FakeCloudinary;
let sdk: SdkClient;
let picture: Buffer;
let folder: string;
let file: string;
const start = async (options: FakeCloudinaryOptions = {}) => {
  fake = await FakeCloudinary.start(options);
  sdk = new SdkClient(fake);
};

beforeAll(async () => {
  picture = await smallPicture(1);
  folder = await mkdtemp(join(tmpdir(), 'fake-cloudinary-'));
  file = join(folder, 'cat.png');
  await writeFile(file, picture);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => {
  sdk.close();
  return fake.close();
});

const named = (http_code: number, message: unknown) => ({ message, name: 'Error', http_code });
const unexpected = (code: number) => ({
  message: `Server returned unexpected status code - ${code}`,
  http_code: code,
  name: 'UnexpectedResponse',
});
const brokenJson = (code: number, detail: string) =>
  named(code, expect.stringMatching(`^Server return invalid JSON response\\. Status Code ${code}\\. SyntaxError: ${detail}`));
const timeout = { message: 'Request Timeout', http_code: 499, name: 'TimeoutError' };
const limitText = /^Rate Limit Exceeded\. Limit of 500 api operations reached\. Try again on \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/;
const resetError = expect.objectContaining({ code: 'ECONNRESET', message: expect.stringMatching('ECONNRESET') });
const aborted = expect.objectContaining({ code: 'ECONNRESET', message: 'aborted' });

/** What the SDK makes of each: whether it was stored, what the stream's callback gets, and whether the promise wraps that once more. */
const rows: [FaultName, { stored: boolean; error: unknown; wrapped?: true }][] = [
  ['resetBeforeBody', { stored: false, error: resetError, wrapped: true }],
  ['resetInBody', { stored: false, error: resetError, wrapped: true }],
  ['hang', { stored: false, error: timeout, wrapped: true }],
  ['rateLimited', { stored: false, error: named(420, expect.stringMatching(limitText)) }],
  ['tooManyRequests', { stored: false, error: named(429, 'Too many requests') }],
  ['conflicts', { stored: false, error: unexpected(409) }],
  ['processing', { stored: false, error: unexpected(423) }],
  ['serverErrors', { stored: false, error: named(500, 'General Error') }],
  ['serverErrorPages', { stored: false, error: brokenJson(500, "Unexpected token '<'") }],
  ['badGateways', { stored: false, error: unexpected(502) }],
  ['unavailable', { stored: false, error: unexpected(503) }],
  ['gatewayTimeouts', { stored: false, error: unexpected(504) }],
  ['lateStore', { stored: false, error: timeout, wrapped: true }],
  ['resetAfterStore', { stored: true, error: resetError, wrapped: true }],
  ['storeThen503', { stored: true, error: unexpected(503) }],
  ['storeThenHang', { stored: true, error: timeout, wrapped: true }],
  ['lateAnswer', { stored: true, error: timeout, wrapped: true }],
  ['truncatedJson', { stored: true, error: brokenJson(200, '') }],
  ['emptyAnswer', { stored: true, error: brokenJson(200, 'Unexpected end of JSON input') }],
  ['htmlAnswer', { stored: true, error: brokenJson(200, "Unexpected token '<'") }],
  ['cutAnswer', { stored: true, error: aborted }],
];

describe('one bad moment, as the SDK sees it', () => {
  it.each(rows)('%s', async (name, { stored, error, wrapped }) => {
    await start({ lateMs: 1_000_000 });
    await fake.put('other', await smallPicture(2));
    fake.faults[name].next(2);
    const patience = { timeout: error === timeout ? 250 : 5_000 };
    expect(await sdk.create('stream', picture, patience)).toEqual({ error });
    expect(await sdk.uploadFile(file, { public_id: 'promise', overwrite: false, ...patience })).toEqual({
      error: wrapped ? { error } : error,
    });
    expect([fake.assets.has('stream'), fake.assets.has('promise'), fake.faults[name].struck]).toEqual([stored, stored, 2]);
    const record = { fault: name, outcome: stored ? 'stored' : null };
    expect(fake.uploads).toMatchObject([record, record]);
  });

  it('emptyObject: a success that says nothing', async () => {
    await start();
    fake.faults.emptyObject.next(2);
    expect(await sdk.create('stream', picture)).toEqual({ result: {} });
    expect(await sdk.uploadFile(file, { public_id: 'promise' })).toEqual({ result: {} });
    expect([...fake.assets.keys()]).toEqual(['stream', 'promise']);
  });

  it('wrongAsset: a success that tells of another one, also of one that was never there', async () => {
    await start();
    fake.faults.wrongAsset.always();
    expect(await sdk.create('a', picture)).toMatchObject({
      result: { public_id: 'somebody/else', etag: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    const other = await fake.put('other', await smallPicture(2));
    const wrong = { result: { public_id: 'other', etag: other.etag, bytes: other.bytes.length } };
    for (const outcome of [await sdk.create('a', picture), await sdk.explicit('a'), await sdk.resource('a')])
      expect(outcome).toMatchObject(wrong);
    expect(await sdk.resources({ prefix: 'a' })).toMatchObject({ result: { resources: [{ public_id: 'a' }] } });
    expect(fake.faults.wrongAsset.struck).toBe(4);
  });

  it('trickle: a success that takes its time, however short the idle timeout', async () => {
    await start({ trickleMs: 5 });
    fake.faults.trickle.next(1);
    const begun = performance.now();
    expect(await sdk.create('a', picture, { timeout: 1_000 })).toMatchObject({ result: { public_id: 'a' } });
    expect(performance.now() - begun).toBeGreaterThan(2_000);
  });

  it('closeIdle: the answer is well, the next request on the connection finds it closed', async () => {
    await start();
    fake.faults.closeIdle.next(1);
    expect(await sdk.create('a', picture)).toMatchObject({ result: { public_id: 'a' } });
    expect(await sdk.create('b', picture)).toEqual({ error: expect.objectContaining({ code: 'ECONNRESET' }) });
    expect(await sdk.create('b', picture)).toMatchObject({ result: { public_id: 'b', existing: false } });
    expect(fake.uploads.map(({ fault, outcome }) => [fault, outcome])).toEqual([
      ['closeIdle', 'stored'],
      ['closeIdle', null],
      [null, 'stored'],
    ]);
  });

  it('are all named here', () => {
    const named = [...rows.map(([name]) => name), 'emptyObject', 'wrongAsset', 'trickle', 'closeIdle'];
    expect(named.toSorted()).toEqual(faultNames.toSorted());
  });
});

describe('what comes late', () => {
  it('is answered late, stored at once', async () => {
    await start({ lateMs: 100 });
    fake.faults.lateAnswer.next(1);
    const stored = once(fake.log, 'upload');
    const told: string[] = [];
    const upload = sdk.create('a', picture).then(() => told.push('answer'));
    await stored.then(() => told.push('stored'));
    await upload;
    expect(told).toEqual(['stored', 'answer']);
  });

  it('is stored though the client has given up, and then does not overwrite', async () => {
    await start({ lateMs: 3_000 });
    fake.faults.lateStore.next(1);
    expect(await sdk.create('a', picture, { timeout: 100 })).toEqual({ error: timeout });
    const retried: any = await sdk.create('a', picture);
    expect([retried.result.existing, fake.uploads[0].outcome]).toEqual([false, null]);
    await once(fake.log, 'upload');
    expect([fake.uploads[0].outcome, fake.assets.get('a')!.versionId]).toEqual(['existing', retried.result.version_id]);
  });
});

describe('a switch', () => {
  it('strikes on its routes only, also on those of the Admin API', async () => {
    await start();
    fake.faults.serverErrors.on('GET /resources', '/usage').always();
    fake.faults.rateLimited.on('POST /image/explicit').always();
    expect(await sdk.create('a', picture)).toMatchObject({ result: { public_id: 'a' } });
    expect(await sdk.explicit('a')).toMatchObject({ error: { http_code: 420 } });
    for (const outcome of [await sdk.resources({}), await sdk.resource('a'), await sdk.usage()])
      expect(outcome).toMatchObject({ error: { error: { http_code: 500, message: 'General Error' } } });
    expect(await sdk.ping()).toHaveProperty('result');
    fake.faults.serverErrors.never();
    expect(await sdk.resource('a')).toHaveProperty('result');
    expect(fake.requests.map(({ method, path, status, fault }) => [method, path, status, fault])).toEqual([
      ['POST', '/image/upload', 200, null],
      ['POST', '/image/explicit', 420, 'rateLimited'],
      ['GET', '/resources/image/upload', 500, 'serverErrors'],
      ['GET', '/resources/image/upload/a', 500, 'serverErrors'],
      ['GET', '/usage', 500, 'serverErrors'],
      ['GET', '/ping', 200, null],
      ['GET', '/resources/image/upload/a', 200, null],
    ]);
  });

  it.each(faultNames.filter((name) => !['closeIdle', 'trickle', 'lateAnswer', 'lateStore', 'emptyObject', 'wrongAsset'].includes(name)))(
    '%s ends a read of the Admin API badly',
    async (name) => {
      await start();
      await fake.put('a', picture);
      fake.faults[name].on('/resources').next(1);
      const over = new AbortController();
      const asked = once(fake.log, 'request');
      const authorization = `Basic ${Buffer.from(`${fake.account.key}:${fake.account.secret}`).toString('base64')}`;
      const read = fetch(`${fake.url}/v1_1/filmroll/resources/image/upload/a`, { headers: { authorization }, signal: over.signal })
        .then(async (answer) => ({ status: answer.status, body: await answer.json() }))
        .catch((error: Error) => ({ status: error.name, body: null }));
      await asked;
      if (['hang', 'storeThenHang'].includes(name)) over.abort();
      expect(await read).not.toMatchObject({ status: 200, body: { public_id: 'a' } });
      expect(fake.faults[name].struck).toBe(1);
      expect(await sdk.resource('a')).toHaveProperty('result');
    },
  );

  it('strikes as often as its probability says, the same for the same seed', async () => {
    const run = async (seed: number) => {
      await start({ seed });
      for (const one of Object.values(fake.faults)) one.withProbability(0);
      fake.faults.serverErrors.withProbability(0.2);
      fake.faults.tooManyRequests.withProbability(0.2);
      const codes: number[] = [];
      for (let k = 0; k < 60; k++) codes.push(((await sdk.create(`a/${k}`, picture)) as any).error?.http_code ?? 200);
      expect(codes.filter((code) => code !== 200)).toHaveLength(fake.faults.serverErrors.struck + fake.faults.tooManyRequests.struck);
      sdk.close();
      await fake.close();
      return codes;
    };
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    for (const code of [500, 429]) expect(first.filter((one) => one === code).length).toBeGreaterThan(2);
    expect(first.filter((code) => code === 200).length).toBeGreaterThan(20);
  });

  it('tells when to come back', async () => {
    await start();
    fake.faults.tooManyRequests.next(1);
    const answer = await fetch(`${fake.url}/v1_1/filmroll/ping`);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
  });
});

describe('away and back', () => {
  it('refuses connections, breaks off what is open, and comes back with all it had', async () => {
    await start();
    await sdk.create('a', picture);
    fake.faults.storeThenHang.next(1);
    const stored = once(fake.log, 'upload');
    const open = sdk.create('b', picture);
    await stored;
    await fake.goAway();
    expect(await open).toEqual({ error: expect.objectContaining({ code: 'ECONNRESET' }) });
    expect(await sdk.create('c', picture)).toEqual({ error: expect.objectContaining({ code: 'ECONNREFUSED' }) });
    expect(await sdk.uploadFile(file, {})).toEqual({ error: { error: expect.objectContaining({ code: 'ECONNREFUSED' }) } });
    const { url } = fake;
    await fake.comeBack();
    expect(fake.url).toBe(url);
    expect([...fake.assets.keys()]).toEqual(['a', 'b']);
    expect(await sdk.create('b', picture)).toMatchObject({ result: { existing: true } });
  });

  it('stores what was read to its end before', async () => {
    await start({ lateMs: 300 });
    fake.faults.lateStore.next(1);
    const asked = once(fake.log, 'body');
    const open = sdk.create('a', picture);
    await asked;
    const stored = once(fake.log, 'upload');
    await fake.goAway();
    expect(await open).toHaveProperty('error');
    await stored;
    expect(fake.assets.has('a')).toBe(true);
  });

  it('can be closed while away, and in the middle of anything', async () => {
    await start({ lateMs: 1_000_000 });
    fake.faults.lateAnswer.next(1);
    const stored = once(fake.log, 'upload');
    const open = sdk.create('a', picture);
    await stored;
    await fake.close();
    expect(await open).toHaveProperty('error');
    await fake.close();
  });
});

describe('somebody else', () => {
  it('puts, replaces and deletes, and none of it counts as an overwrite', async () => {
    await start();
    const [other, first] = [await smallPicture(2), await fake.put('a', picture)];
    expect(await sdk.create('a', other)).toMatchObject({ result: { existing: true, etag: first.etag } });
    const second = await fake.replace('a', other);
    expect([second.assetId, fake.overwrites]).toEqual([first.assetId, 0]);
    expect(await sdk.resource('a')).toMatchObject({ result: { etag: second.etag } });
    await expect(fake.replace('b', other)).rejects.toThrow('nothing is stored as b');
    expect([fake.delete('a'), fake.delete('a')]).toEqual([true, false]);
    expect(await sdk.resource('a')).toMatchObject({ error: { error: { http_code: 404 } } });
  });
});
