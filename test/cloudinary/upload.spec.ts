import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { FakeCloudinary, type FakeCloudinaryOptions } from './fake-cloudinary.js';
import { SdkClient } from './sdk-client.js';
import { smallPicture } from './small-picture.js';

let fake: FakeCloudinary;
let sdk: SdkClient;
let picture: Buffer;
let other: Buffer;
const start = async (options: FakeCloudinaryOptions = {}) => {
  fake = await FakeCloudinary.start(options);
  sdk = new SdkClient(fake);
};
const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

beforeAll(async () => {
  [picture, other] = await Promise.all([smallPicture(1), smallPicture(2)]);
});
afterEach(() => {
  sdk.close();
  return fake.close();
});

describe('an upload', () => {
  it('stores the bytes and tells what it holds', async () => {
    await start();
    const { result } = (await sdk.create('app/luna/0001', picture)) as any;
    expect(result).toEqual({
      asset_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      public_id: 'app/luna/0001',
      version: expect.any(Number),
      version_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      signature: expect.stringMatching(/^[0-9a-f]{40}$/),
      width: 4,
      height: 3,
      format: 'png',
      resource_type: 'image',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      tags: [],
      pages: 1,
      bytes: picture.length,
      type: 'upload',
      etag: md5(picture),
      placeholder: false,
      url: `${fake.url}/filmroll/image/upload/v${result.version}/app/luna/0001.png`,
      secure_url: result.url,
      asset_folder: '',
      display_name: '0001',
      access_mode: 'public',
      existing: false,
      original_filename: 'file',
      api_key: fake.account.key,
    });
    expect(result.signature).toBe(
      createHash('sha1').update(`public_id=app/luna/0001&version=${result.version}${fake.account.secret}`).digest('hex'),
    );
    expect(fake.assets.get('app/luna/0001')!.bytes).toEqual(picture);
    expect(fake.uploads).toMatchObject([{ id: 'app/luna/0001', outcome: 'stored', status: 200, fault: null }]);
    expect(fake.uploads[0].params).toMatchObject({ public_id: 'app/luna/0001', overwrite: '0' });
  });

  it('delivers what it stored, whatever version the address names', async () => {
    await start();
    const { result } = (await sdk.create('a/b', picture)) as any;
    for (const url of [result.secure_url, result.secure_url.replace(/v\d+/, 'v1'), `${fake.url}/filmroll/image/upload/a/b.png`]) {
      const answer = await fetch(url);
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('etag')]).toEqual([
        200,
        'image/png',
        `"${md5(picture)}"`,
      ]);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(picture);
    }
    const missing = await fetch(result.secure_url.replace('a/b', 'a/c'));
    expect([missing.status, missing.headers.get('x-cld-error')]).toEqual([404, 'Resource not found - a/c.png']);
  });

  it('that may not overwrite finds what is there, and drops the new bytes', async () => {
    await start();
    const { result } = (await sdk.create('a', picture)) as any;
    const again = (await sdk.create('a', other)) as any;
    expect(again.result).toEqual({ ...result, existing: true });
    expect(fake.assets.get('a')!.bytes).toEqual(picture);
    expect([fake.overwrites, fake.rewrites, fake.uploads.map(({ outcome }) => outcome)]).toEqual([0, 0, ['stored', 'existing']]);
  });

  it('replaces without a word when nobody forbids it, and counts that', async () => {
    await start();
    const { result } = (await sdk.create('a', picture)) as any;
    const second = (await sdk.upload(other, { public_id: 'a' })) as any;
    const third = (await sdk.upload(other, { public_id: 'a' })) as any;
    expect(second.result).toMatchObject({ asset_id: result.asset_id, created_at: result.created_at, etag: md5(other), overwritten: true });
    expect(second.result.version_id).not.toBe(result.version_id);
    expect(third.result).toMatchObject({ overwritten: true });
    expect(second.result).not.toHaveProperty('existing');
    expect([fake.overwrites, fake.rewrites]).toEqual([1, 1]);
    expect(fake.uploads.map(({ outcome }) => outcome)).toEqual(['stored', 'replaced', 'rewritten']);
  });

  it('lets one of fifty at once win', async () => {
    await start();
    const pictures = await Promise.all(Array.from({ length: 50 }, (_, k) => smallPicture(k)));
    const outcomes = (await Promise.all(pictures.map((bytes) => sdk.create('a', bytes)))) as any[];
    expect(outcomes.filter(({ result }) => !result.existing)).toHaveLength(1);
    expect(new Set(outcomes.map(({ result }) => result.etag)).size).toBe(1);
    expect(fake.overwrites).toBe(0);
  });

  it('lets many of fifty at once win where the look and the store are two steps', async () => {
    await start({ atomic: false });
    const pictures = await Promise.all(Array.from({ length: 50 }, (_, k) => smallPicture(k)));
    const outcomes = (await Promise.all(pictures.map((bytes) => sdk.create('a', bytes)))) as any[];
    expect(outcomes.filter(({ result }) => !result.existing).length).toBe(fake.overwrites + 1);
    expect(fake.overwrites).toBeGreaterThan(0);
    expect(fake.rewrites).toBe(0);
    await Promise.all(Array.from({ length: 50 }, () => sdk.create('b', picture)));
    expect(fake.rewrites).toBeGreaterThan(0);
  });

  it('keeps resource types and delivery types apart', async () => {
    await start();
    await sdk.create('a', picture);
    for (const options of [{ resource_type: 'raw' }, { type: 'private' }]) {
      expect(await sdk.create('a', other, options)).toMatchObject({ result: { ...options, existing: false } });
    }
    expect(await sdk.create('b', picture, { resource_type: 'auto' })).toMatchObject({ result: { resource_type: 'image' } });
    expect(await sdk.create('b', Buffer.from('text'), { resource_type: 'auto' })).toMatchObject({ result: { resource_type: 'raw' } });
    expect(fake.assets.get('a')!.bytes).toEqual(picture);
    expect(fake.strays.map(({ resourceType, type, publicId }) => [resourceType, type, publicId])).toEqual([
      ['raw', 'upload', 'a'],
      ['raw', 'upload', 'b'],
      ['image', 'private', 'a'],
    ]);
  });

  it('takes a data URI', async () => {
    await start();
    const { result } = (await sdk.uploadFile(`data:image/png;base64,${picture.toString('base64')}`, { public_id: 'a' })) as any;
    expect(result).toMatchObject({ public_id: 'a', etag: md5(picture) });
  });

  it('takes a picture of many chunks', async () => {
    await start();
    const noise = await sharp({
      create: { width: 900, height: 900, channels: 3, background: 'red', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
    })
      .png()
      .toBuffer();
    expect(noise.length).toBeGreaterThan(1_000_000);
    expect(await sdk.create('a', noise)).toMatchObject({ result: { bytes: noise.length, etag: md5(noise) } });
  });

  it.each([
    ['a transformation', { width: 2, crop: 'scale' }, 'png'],
    ['a format', { format: 'webp' }, 'webp'],
    ['a preset', { upload_preset: 'small' }, 'png'],
  ])('changes the bytes for %s', async (_, options, format) => {
    await start();
    const { result } = (await sdk.create('a', picture, options)) as any;
    expect(result.format).toBe(format);
    expect(result.etag).not.toBe(md5(picture));
    expect(result.etag).toBe(md5(fake.assets.get('a')!.bytes));
  });

  it('changes the bytes for a default preset of the account', async () => {
    await start({ defaultPreset: true });
    const { result } = (await sdk.create('a', picture)) as any;
    expect(result.etag).not.toBe(md5(picture));
  });

  it.each([
    ['gif', 'gif'],
    ['jpeg', 'jpg'],
    ['webp', 'webp'],
    ['avif', 'avif'],
  ] as const)('names the format of a %s', async (kind, format) => {
    await start();
    const bytes = await sharp(picture).toFormat(kind).toBuffer();
    expect(await sdk.create('a', bytes)).toMatchObject({ result: { format, width: 4, height: 3 } });
  });

  it('takes a drawing, script and all', async () => {
    await start();
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';
    expect(await sdk.create('a', Buffer.from(drawing))).toMatchObject({ result: { format: 'svg', width: 9 } });
  });

  it('refuses beyond the limit of uploads at once', async () => {
    await start({ concurrencyLimit: 3, lateMs: 400 });
    fake.faults.lateStore.always();
    const outcomes = (await Promise.all(Array.from({ length: 12 }, (_, k) => sdk.create(`a/${k}`, picture)))) as any[];
    expect(outcomes.filter(({ error }) => error?.http_code === 420)).toHaveLength(9);
    expect([fake.assets.size, fake.maxConcurrent]).toEqual([3, 12]);
    fake.faults.lateStore.never();
    expect(await sdk.create('later', picture)).toMatchObject({ result: { public_id: 'later' } });
  });
});

describe('a public id', () => {
  it.each([
    ['outer slashes', '/a/b/', 'a/b'],
    ['outer blanks', ' a b ', 'a b'],
    ['doubled slashes', 'a//b', 'a/b'],
    ['a control character', 'a\tb', 'a_b'],
    ['a symbol', 'a$b', 'a_b'],
    ['a symbol at the end', 'a$', 'a'],
    ['other scripts', '露娜/ä', '露娜/ä'],
    ['an extension', 'a.png', 'a.png'],
    ['255 characters', 'a'.repeat(255), 'a'.repeat(255)],
  ])('with %s is stored as the service writes it', async (_, asked, stored) => {
    await start();
    const { result } = (await sdk.create(asked, picture)) as any;
    expect([result.public_id, [...fake.assets.keys()]]).toEqual([stored, [stored]]);
    expect(result.secure_url.endsWith(`/${encodeURI(stored)}.png`)).toBe(true);
    expect(Buffer.from(await (await fetch(result.secure_url)).arrayBuffer())).toEqual(picture);
  });

  it.each(['a?b', 'a&b', 'a#b', 'a\\b', 'a%b', 'a<b', 'a>b', 'a+b', '/', 'v12/a', 'a'.repeat(256)])('%j is refused', async (asked) => {
    await start();
    const error = { http_code: 400, message: `public_id (${asked}) is invalid` };
    expect(await sdk.create(asked, picture)).toMatchObject({ error });
    expect(fake.assets.size).toBe(0);
    expect(fake.uploads).toMatchObject([{ id: null, outcome: 'refused', status: 400 }]);
  });

  it('is invented when the SDK has dropped an empty one', async () => {
    await start();
    expect(await sdk.create('', picture)).toMatchObject({ result: { public_id: expect.stringMatching(/^[a-z0-9]{20}$/) } });
  });

  it('comes from the file name when asked for', async () => {
    await start();
    const name = { filename: 'cat.png', use_filename: true };
    expect(await sdk.upload(picture, name)).toMatchObject({ result: { public_id: expect.stringMatching(/^cat_[a-z0-9]{6}$/) } });
    expect(await sdk.upload(picture, { ...name, unique_filename: false, folder: 'f' })).toMatchObject({ result: { public_id: 'f/cat' } });
  });
});
