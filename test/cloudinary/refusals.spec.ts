import { createHash } from 'node:crypto';
import { FakeCloudinary, type FakeCloudinaryOptions } from './fake-cloudinary.js';
import { SdkClient } from './sdk-client.js';
import { smallPicture } from './small-picture.js';

let fake: FakeCloudinary;
let sdk: SdkClient;
let picture: Buffer;
const start = async (options: FakeCloudinaryOptions = {}) => {
  fake = await FakeCloudinary.start(options);
  sdk = new SdkClient(fake);
};
const refused = (http_code: number, message: string | RegExp) => ({
  error: { http_code, name: 'Error', message: typeof message === 'string' ? message : expect.stringMatching(message) },
});
const secondsAgo = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

beforeAll(async () => {
  picture = await smallPicture(1);
});
afterEach(() => {
  sdk.close();
  return fake.close();
});

/** Sends exactly these parameters, with nothing added. */
async function post(
  params: Record<string, string>,
  action = 'image/upload',
): Promise<{ status: number; body: any; header: string | null }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(params)) form.append(name, value);
  form.append('file', new Blob([picture]), 'cat.png');
  const answer = await fetch(`${fake.url}/v1_1/filmroll/${action}`, { method: 'POST', body: form });
  return { status: answer.status, body: await answer.json(), header: answer.headers.get('x-cld-error') };
}

/** Signed by hand, as the documentation says: the SDK of the day has no part in it. */
function signedByHand(params: Record<string, string>, algorithm = 'sha1'): Record<string, string> {
  const text = Object.keys(params)
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&');
  const signature = createHash(algorithm)
    .update(text + fake.account.secret)
    .digest('hex');
  return { ...params, api_key: fake.account.key, signature };
}

describe('a signature', () => {
  it.each([
    [1, 'sha1'],
    [2, 'sha1'],
    [1, 'sha256'],
    [2, 'sha256'],
  ] as const)('of version %i and %s is good', async (signature_version, signature_algorithm) => {
    await start();
    const options = { signature_version, signature_algorithm, tags: ['a&b=1', 'c'], context: { note: 'x=1&y' } };
    expect(await sdk.create('a/b', picture, options)).toMatchObject({ result: { public_id: 'a/b' } });
  });

  it.each([
    [1, '&', 200],
    [2, '%26', 401],
  ])('of version %i over a value that looks like a second parameter: %s, as two gets %i', async (_, ampersand, status) => {
    await start();
    const timestamp = String(secondsAgo(0));
    const text = `asset_folder=x${ampersand}public_id=victim&timestamp=${timestamp}${fake.account.secret}`;
    const signature = createHash('sha1').update(text).digest('hex');
    const params = { timestamp, api_key: fake.account.key, signature };
    expect(await post({ ...params, asset_folder: 'x&public_id=victim' })).toMatchObject({ status: 200 });
    expect(await post({ ...params, asset_folder: 'x', public_id: 'victim' })).toMatchObject({ status });
  });

  it('covers arrays and leaves out blanks', async () => {
    await start();
    const params = signedByHand({ public_id: 'a', tags: 'x,y', timestamp: String(secondsAgo(0)) });
    delete params.tags;
    const form = new FormData();
    for (const [name, value] of [...Object.entries(params), ['tags[]', 'x'], ['tags[]', 'y'], ['context', '']]) form.append(name, value);
    form.append('file', new Blob([picture]), 'cat.png');
    const answer = await fetch(`${fake.url}/v1_1/filmroll/image/upload`, { method: 'POST', body: form });
    expect([answer.status, fake.uploads[0].params.tags]).toEqual([200, 'x,y']);
  });

  it('with another secret is invalid, and the answer says what was signed, never the secret', async () => {
    await start();
    const outcome: any = await sdk.create('x', picture, { api_secret: 'wrong' });
    const signed = `overwrite=0&public_id=x&timestamp=\\d+`;
    expect(outcome).toMatchObject(refused(401, new RegExp(`^Invalid Signature [0-9a-f]{40}\\. String to sign - '${signed}'\\.$`)));
    expect(outcome.error.message).not.toContain(fake.account.secret);
    expect(fake.uploads).toMatchObject([{ outcome: 'refused', status: 401 }]);
  });

  it('is invalid when a parameter was changed on the way', async () => {
    await start();
    const params = signedByHand({ public_id: 'a', overwrite: '0', timestamp: String(secondsAgo(0)) });
    expect(await post({ ...params, overwrite: '1' })).toMatchObject({ status: 401 });
    expect(await post({ ...params, tags: 'more' })).toMatchObject({ status: 401 });
    expect(fake.assets.size).toBe(0);
    expect(await post(params)).toMatchObject({ status: 200 });
  });

  it.each([
    [3_590, 200],
    [-3_590, 200],
    [3_610, 400],
    [-3_610, 400],
  ])('of %i seconds ago gets %i', async (seconds, status) => {
    await start();
    const answer = await post(signedByHand({ timestamp: String(secondsAgo(seconds)) }));
    expect(answer.status).toBe(status);
    if (status === 400)
      expect(answer.body.error.message).toMatch(/^Stale request - reported time is [-0-9]{10} [0-9:]{8} \+0000 which is more/);
  });
});

describe('an upload', () => {
  it('with an unknown key, or to another cloud', async () => {
    await start();
    expect(await sdk.create('x', picture, { api_key: '1' })).toMatchObject(refused(401, 'Unknown API key 1'));
    expect(await sdk.create('x', picture, { cloud_name: 'other' })).toMatchObject(refused(401, 'Invalid cloud_name other'));
  });

  it.each([
    ['api_key', 'Missing required parameter - api_key'],
    ['signature', 'Missing required parameter - signature'],
  ])('without %s', async (name, message) => {
    await start();
    const params = signedByHand({ timestamp: String(secondsAgo(0)) });
    delete params[name];
    expect(await post(params)).toMatchObject({ status: 400, body: { error: { message } }, header: encodeURI(message) });
  });

  it('without a timestamp', async () => {
    await start();
    const message = 'Missing required parameter - timestamp';
    expect(await post(signedByHand({ public_id: 'a' }))).toMatchObject({ status: 400, body: { error: { message } } });
  });

  it('unsigned', async () => {
    await start();
    const specified = 'Upload preset must be specified when using unsigned upload';
    expect(await post({ public_id: 'a' })).toMatchObject({ status: 400, body: { error: { message: specified } } });
    const whitelisted = 'Upload preset must be whitelisted for unsigned uploads';
    expect(await post({ upload_preset: 'small' })).toMatchObject({ status: 400, body: { error: { message: whitelisted } } });
  });

  it('without a file, or with an address for one', async () => {
    await start();
    const params = signedByHand({ timestamp: String(secondsAgo(0)) });
    const send = async (more: object) => {
      const body = new URLSearchParams({ ...params, ...more });
      return (await fetch(`${fake.url}/v1_1/filmroll/image/upload`, { method: 'POST', body })).json();
    };
    expect(await send({})).toEqual({ error: { message: 'Missing required parameter - file' } });
    expect(await send({ file: 'nonsense' })).toEqual({ error: { message: 'Unsupported source URL: nonsense' } });
  });

  it('of nothing, or of what is no picture', async () => {
    await start();
    expect(await sdk.create('x', Buffer.alloc(0))).toMatchObject(refused(400, 'Empty file'));
    expect(await sdk.create('x', Buffer.from('no picture'))).toMatchObject(refused(400, 'Invalid image file'));
    expect(fake.assets.size).toBe(0);
  });

  it('of too many bytes', async () => {
    await start();
    const message =
      'File size too large. Got 11926513. Maximum is 10485760. Upgrade your plan to enjoy higher limits https://www.cloudinary.com/pricing/upgrades/file-limit';
    expect(await sdk.create('x', Buffer.alloc(11_926_513))).toMatchObject(refused(400, message));
    fake.settings.maxImageBytes = picture.length;
    expect(await sdk.create('x', picture)).toMatchObject({ result: { bytes: picture.length } });
    fake.settings.maxImageBytes--;
    expect(await sdk.create('y', picture)).toMatchObject(refused(400, /^File size too large/));
  });
});

describe('explicit', () => {
  it('tells what is there, as the upload did', async () => {
    await start();
    const { result }: any = await sdk.create('a/b', picture);
    delete result.existing;
    expect(await sdk.explicit('a/b')).toEqual({ result });
  });

  it('refuses what is not there, and what is not asked well', async () => {
    await start();
    expect(await sdk.explicit('a/b')).toMatchObject(refused(404, 'Resource not found - a/b'));
    expect(await sdk.explicit('a/b', { type: undefined })).toMatchObject(refused(400, 'Missing required parameter - type'));
    expect(await sdk.explicit('a/b', { api_secret: 'wrong' })).toMatchObject(refused(401, /^Invalid Signature/));
  });
});
