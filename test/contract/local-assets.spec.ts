import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import { IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { LocalDiskStorage } from '../../src/upload/storages/local-disk.storage.js';
import { hashesOf } from './asset-storage.contract.js';
import { freshFolder, picture, refusal, serve } from './local-disk.setting.js';

describe('local assets over HTTP', () => {
  let at: Awaited<ReturnType<typeof freshFolder>>;
  let storage: LocalDiskStorage;
  let server: Awaited<ReturnType<typeof serve>>;
  let bytes: Buffer;
  let address: string;

  const create = (publicId: string, file: Buffer) => storage.create(publicId, file, hashesOf(file), new AbortController().signal);
  const inAssets = (...names: string[]) => join(at.config.DATA_DIR, 'assets', ...names);

  beforeEach(async () => {
    at = await freshFolder();
    storage = new LocalDiskStorage(at.config);
    server = await serve(at.config);
    bytes = await picture(70);
    address = server.origin + (await create('ana/000001', bytes)).url;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await server.close();
    await at.remove();
  });

  it('gives the bytes, to be kept for ever and embedded anywhere', async () => {
    const response = await fetch(`${address}?any=thing`);

    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(bytes.length),
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
      'accept-ranges': 'bytes',
      etag: expect.any(String),
    });
  });

  it('gives a small copy in its form, to be kept for ever too', async () => {
    const wide = await sharp(bytes).resize(800, 400, { fit: 'fill' }).png().toBuffer();
    const { url } = await create('ana/000003', wide);
    const response = await fetch(`${server.origin}${url}?small`);
    const { width, height, format } = await sharp(await response.arrayBuffer()).metadata();

    expect([response.status, width, height, format]).toEqual([200, 320, 160, 'webp']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    });
    expect((await fetch(`${server.origin}/assets/ana/999999.png?small`)).status).toBe(404);
  });

  it.each(['jpeg', 'webp', 'gif', 'avif'] as const)('names the content type of %s', async (format) => {
    const { url } = await create('ana/000002', await sharp(bytes).toFormat(format).toBuffer());

    expect((await fetch(server.origin + url)).headers.get('content-type')).toBe(`image/${format}`);
  });

  it('answers HEAD, ranges and questions by ETag', async () => {
    const head = await fetch(address, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(bytes.length), '']);

    const part = await fetch(address, { headers: { range: 'bytes=2-9' } });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-9/${bytes.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(bytes.subarray(2, 10));

    const again = await getAsItStands(server.origin, new URL(address).pathname, { 'if-none-match': head.headers.get('etag')! });
    expect([again.status, again.body]).toEqual([304, null]);
  });

  it('refuses a range that is not there, without letting anyone keep that', async () => {
    const response = await fetch(address, { headers: { range: `bytes=${bytes.length}-` } });

    expect(response.headers.get('content-range')).toBe(`bytes */${bytes.length}`);
    expect(response.headers.get('etag')).not.toBe((await fetch(address)).headers.get('etag'));
    expect(await told(response)).toEqual(refused(416, 'Range Not Satisfiable'));
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    const response = await fetch(address, { method });

    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(await told(response)).toEqual(refused(405, 'Method Not Allowed'));
  });

  it.each([
    '/assets',
    '/assets/',
    '/assets/ana',
    '/assets/ana/',
    '/assets/ana/000001',
    '/assets/ana/000001.jpg',
    '/assets/ana/000001.png/',
    '/assets/ana/000001.png.png',
    '/assets/ana/000001.PNG',
    '/assets/ana//000001.png',
    '/assets//ana/000001.png',
    '/assets/ana/000002.png',
    '/assets/ana/%30%30%30001.png',
    '/assets/ana/000001.png%00',
    '/assets/../secret.png',
    '/assets/ana/../../secret.png',
    '/assets/%2e%2e/secret.png',
    '/assets/..%2fsecret.png',
    '/assets/..\\secret.png',
    '/assets/.incoming/a/png',
    '/assets/.incoming/a.png',
    '/assets/far/000001.png',
    '/assets/ana/linked.png',
    '/assets/notes.txt',
    `/assets/${'a'.repeat(300)}.png`,
    `/assets/${'a'.repeat(253)}.png`,
    '/assets/%',
  ])('answers 404 to %s', async (path) => {
    await fs.writeFile(join(at.config.DATA_DIR, 'secret.png'), 'secret');
    await fs.mkdir(join(at.config.DATA_DIR, 'outside'));
    await fs.writeFile(join(at.config.DATA_DIR, 'outside', '000001.png'), 'secret');
    await fs.symlink('../outside', inAssets('far'));
    await fs.symlink('../../secret.png', inAssets('ana/linked.png'));
    await fs.symlink('../../secret.png', inAssets('ana/000001.jpg'));
    await fs.writeFile(inAssets('notes.txt'), 'secret');
    await fs.mkdir(inAssets('.incoming/a'), { recursive: true });
    await fs.writeFile(inAssets('.incoming/a/png'), 'secret');
    await fs.writeFile(inAssets('.incoming/a.png'), 'secret');

    expect(await told(await getAsItStands(server.origin, path))).toEqual(refused(404, 'Not Found'));
  });

  it('says nothing of the disk when that refuses', async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    jest.spyOn(fs, 'lstat').mockRejectedValueOnce(refusal('EIO', -5));

    expect(await told(await fetch(address))).toEqual(refused(500, 'Internal Server Error'));
    expect(JSON.stringify(jest.mocked(Logger.prototype.warn).mock.calls)).not.toContain('/srv');
  });

  it('answers 404 when the picture goes while it looks', async () => {
    const { lstat } = fs;
    jest.spyOn(fs, 'lstat').mockImplementation(async (path) => {
      const found = await lstat(path);
      if (found.isFile()) await fs.rm(path);
      return found;
    });

    expect(await told(await fetch(address))).toEqual(refused(404, 'Not Found'));
  });

  it('refuses a condition that does not hold, without letting anyone keep that', async () => {
    const response = await fetch(address, { headers: { 'if-match': '"another"' } });

    expect(await told(response)).toEqual(refused(412, 'Precondition Failed'));
  });
});

async function told(response: Response) {
  return { status: response.status, cache: response.headers.get('cache-control'), body: await response.json() };
}

function refused(status: number, message: string) {
  return { status, cache: 'no-store', body: { statusCode: status, message } };
}

/** `fetch` would tidy up the path first, and would not take a 304. */
async function getAsItStands(origin: string, path: string, headers: Record<string, string> = {}): Promise<Response> {
  const [incoming] = (await once(request(origin, { path, headers }).end(), 'response')) as [IncomingMessage];
  const body = await buffer(incoming);
  return new Response(body.length > 0 ? body : null, { status: incoming.statusCode, headers: incoming.headers as Record<string, string> });
}
