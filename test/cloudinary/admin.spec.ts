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
const put = async (ids: string[]) => {
  for (const id of ids) await fake.put(id, picture);
};
const idsOf = ({ result }: any): string[] => result.resources.map(({ public_id }: any) => public_id);

beforeAll(async () => {
  picture = await smallPicture(1);
});
afterEach(() => {
  sdk.close();
  return fake.close();
});

describe('a list', () => {
  it('is in order of the bytes of the public ids', async () => {
    await start();
    await put(['p/b', 'p/a_b', 'p/a/b', 'p/露', 'p/\u{1F642}', 'p/\uff0e', 'p/B', 'q', 'p', 'o', 'p-1']);
    expect(idsOf(await sdk.resources({ prefix: 'p', max_results: 500 }))).toEqual([
      'p',
      'p-1',
      'p/B',
      'p/a/b',
      'p/a_b',
      'p/b',
      'p/露',
      'p/\uff0e',
      'p/\u{1F642}',
    ]);
    expect(idsOf(await sdk.resources({ prefix: 'p/a', max_results: 500 }))).toEqual(['p/a/b', 'p/a_b']);
    expect(idsOf(await sdk.resources({ prefix: 'none' }))).toEqual([]);
  });

  it('without a prefix has the newest first', async () => {
    await start();
    await put(['b', 'c', 'a']);
    const first: any = await sdk.resources({ max_results: 2 });
    expect(idsOf(first)).toEqual(['a', 'c']);
    expect(idsOf(await sdk.resources({ max_results: 2, next_cursor: first.result.next_cursor }))).toEqual(['b']);
  });

  it('gives 10 at a time, or as many as asked for up to 500, each once though others come and go', async () => {
    await start();
    const ids = Array.from({ length: 1_100 }, (_, k) => `p/${String(k).padStart(4, '0')}`);
    await put(ids);
    expect(idsOf(await sdk.resources({ prefix: 'p/' }))).toEqual(ids.slice(0, 10));
    const first: any = await sdk.resources({ prefix: 'p/', max_results: 9_999 });
    expect(idsOf(first)).toEqual(ids.slice(0, 500));
    await put(['p/-', 'p/0499-', 'p/1100']);
    fake.delete('p/0499');
    fake.delete('p/0777');
    const second: any = await sdk.resources({ prefix: 'p/', max_results: 500, next_cursor: first.result.next_cursor });
    const third: any = await sdk.resources({ prefix: 'p/', max_results: 500, next_cursor: second.result.next_cursor });
    const rest = [...ids.slice(500).filter((id) => id !== 'p/0777'), 'p/1100'];
    expect([...idsOf(second), ...idsOf(third)]).toEqual(['p/0499-', ...rest]);
    expect(first.result.next_cursor).not.toContain('p/');
    expect(third.result).not.toHaveProperty('next_cursor');
  });

  it('tells no etag unless asked for it, or told to', async () => {
    await start();
    const { etag } = await fake.put('a/b', picture);
    const url = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/filmroll\/image\/upload\/v\d+\/a\/b\.png$/);
    const { result }: any = await sdk.resources({ prefix: 'a' });
    const item = {
      asset_id: expect.any(String),
      public_id: 'a/b',
      format: 'png',
      width: 4,
      height: 3,
      version: expect.any(Number),
      resource_type: 'image',
      type: 'upload',
      created_at: expect.any(String),
      bytes: picture.length,
      asset_folder: '',
      display_name: 'b',
      access_mode: 'public',
      url,
      secure_url: url,
    };
    expect(result.resources).toEqual([item]);
    expect(await sdk.resources({ prefix: 'a', fields: 'etag,bytes' })).toMatchObject({
      result: {
        resources: [{ asset_id: item.asset_id, public_id: 'a/b', resource_type: 'image', type: 'upload', etag, bytes: picture.length }],
      },
    });
    fake.settings.listEtags = 'always';
    expect(await sdk.resources({ prefix: 'a' })).toMatchObject({ result: { resources: [{ ...item, etag }] } });
  });

  it.each([
    [{ max_results: 0 }, 'Invalid value 0 for parameter max_results'],
    [{ next_cursor: 'nonsense' }, 'Invalid value for parameter next_cursor'],
  ])('refuses %j', async (options, message) => {
    await start();
    expect(await sdk.resources({ prefix: 'a', ...options })).toMatchObject({ error: { error: { http_code: 400, message } } });
  });
});

describe('one asset', () => {
  it('is told with its etag', async () => {
    await start();
    const { etag } = await fake.put('a/b c', picture);
    expect(await sdk.resource('a/b c')).toMatchObject({ result: { public_id: 'a/b c', etag, bytes: picture.length } });
  });

  it('that is not there', async () => {
    await start();
    await put(['a/b/c']);
    const { error }: any = await sdk.resource('a/b');
    expect(error).toMatchObject({ error: { http_code: 404, message: 'Resource not found - a/b' } });
  });
});

describe('assets by id', () => {
  it('are those that are there, up to 100 at a time', async () => {
    await start();
    await put(['a/1', 'a/2', 'a/3']);
    expect(idsOf(await sdk.resourcesByIds(['a/3', 'none', 'a/1']))).toEqual(['a/3', 'a/1']);
    const many = Array.from({ length: 101 }, (_, k) => `a/${k}`);
    expect(await sdk.resourcesByIds(many)).toMatchObject({ error: { error: { http_code: 400 } } });
    expect(idsOf(await sdk.resourcesByIds(many.slice(0, 100)))).toEqual(['a/1', 'a/2', 'a/3']);
  });
});

describe('the Admin API', () => {
  it('tells the limits of the plan', async () => {
    await start({ maxImageBytes: 123 });
    await put(['a']);
    expect(await sdk.usage()).toMatchObject({ result: { resources: 1, media_limits: { image_max_size_bytes: 123 } } });
  });

  it('knows its key and its secret', async () => {
    await start();
    expect(await sdk.ping({ api_key: '1' })).toMatchObject({ error: { error: { http_code: 401, message: 'Invalid api_key' } } });
    expect(await sdk.ping({ api_secret: 'x' })).toMatchObject({ error: { error: { http_code: 401, message: 'api_secret mismatch' } } });
    expect(await sdk.ping()).toMatchObject({ result: { status: 'ok' } });
  });

  it('counts 500 calls an hour down', async () => {
    await start({ now: () => Date.UTC(2030, 0, 1, 12, 0, 0, 1) });
    expect(await sdk.ping()).toEqual({
      result: { status: 'ok', rate_limit_allowed: 500, rate_limit_remaining: 499, rate_limit_reset_at: new Date('2030-01-01T13:00:01Z') },
    });
    expect(await sdk.resource('a')).toHaveProperty('error');
    expect(await sdk.ping()).toMatchObject({ result: { rate_limit_remaining: 497 } });
  });

  it('refuses beyond its limit until the moment it told', async () => {
    let now = Date.UTC(2030, 0, 1, 12);
    await start({ adminLimit: { calls: 2, windowMs: 5_000 }, now: () => now });
    await sdk.ping();
    await sdk.usage();
    const message = 'Rate Limit Exceeded. Limit of 2 api operations reached. Try again on 2030-01-01 12:00:05 UTC';
    expect(await sdk.resources({})).toMatchObject({ error: { error: { http_code: 420, message } } });
    now += 4_999;
    expect(await sdk.ping()).toMatchObject({ error: { error: { http_code: 420, message } } });
    now += 1;
    expect(await sdk.ping()).toMatchObject({ result: { rate_limit_remaining: 1 } });
  });

  it('does not count uploads', async () => {
    await start({ adminLimit: { calls: 1, windowMs: 3_600_000 } });
    for (const id of ['a', 'b', 'c']) expect(await sdk.create(id, picture)).toHaveProperty('result');
    expect(await sdk.explicit('a')).toHaveProperty('result');
    expect(await sdk.ping()).toHaveProperty('result');
    expect(await sdk.ping()).toHaveProperty('error');
  });
});
