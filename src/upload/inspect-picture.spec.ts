import { crc32 } from 'node:zlib';
import sharp, { Sharp } from 'sharp';
import { BrokenPictureError, inspectPicture } from './inspect-picture.js';

const formats = ['png', 'interlaced png', 'flat png', 'jpg', 'progressive jpg', 'webp', 'lossless webp', 'gif', 'avif'];
const animations = ['moving gif', 'moving webp'];

describe('inspectPicture', () => {
  it.each(formats)('tells size and format of a whole picture: %s', async (name) => {
    expect(await inspectPicture(await make(name))).toEqual({ width: 48, height: 32, format: name.split(' ').pop() });
  });

  it.each(animations)('tells the size of one frame: %s', async (name) => {
    expect(await inspectPicture(await make(name))).toEqual({ width: 48, height: 32, format: name.split(' ').pop() });
  });

  it.each([...formats, ...animations])('refuses it cut at any length: %s', async (name) => {
    const bytes = await make(name);
    for (const length of cuts(bytes.length)) {
      await expect(inspectPicture(bytes.subarray(0, length)).catch((error: unknown) => ({ length, error }))).resolves.toEqual({
        length,
        error: expect.any(BrokenPictureError),
      });
    }
  });

  it.each([...formats, ...animations])('accepts bytes behind the end of a whole picture: %s', async (name) => {
    const bytes = await make(name);
    expect(await inspectPicture(Buffer.concat([bytes, Buffer.from('<html>')]))).toEqual(await inspectPicture(bytes));
  });

  it('refuses a JPEG for print without its last marker', async () => {
    const bytes = await make('cmyk jpg');
    expect(await inspectPicture(bytes)).toMatchObject({ format: 'jpg' });
    for (const cut of [1, 2, 3]) await expect(inspectPicture(bytes.subarray(0, -cut))).rejects.toThrow(BrokenPictureError);
  });

  it('refuses a PNG with one bit turned, wherever that is', async () => {
    const bytes = await make('png');
    for (const at of cuts(bytes.length)) {
      const damaged = Buffer.from(bytes);
      damaged[at] ^= 1;
      await expect(inspectPicture(damaged)).rejects.toThrow(BrokenPictureError);
    }
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(5_000)],
    ['an error page', Buffer.from('<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>')],
    ['JSON', Buffer.from('{"error":"not found"}')],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="48" height="32"><rect width="9" height="9"/></svg>')],
    ['a drawing with a prolog', Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="48" height="32"/>')],
    ['the beginning of a PNG alone', Buffer.from('89504e470d0a1a0a', 'hex')],
  ])('refuses what is no picture: %s', async (_, bytes) => {
    await expect(inspectPicture(bytes)).rejects.toThrow(BrokenPictureError);
  });

  it('refuses a picture in a format that browsers do not show', async () => {
    await expect(inspectPicture(await still().tiff().toBuffer())).rejects.toThrow(/not a PNG, JPEG, WebP, GIF or AVIF/);
  });

  it('refuses a picture of more than 67 megapixels by its header alone', async () => {
    const size = Buffer.from('00002001000020000800000000', 'hex');
    const bytes = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), pngChunk('IHDR', size), pngChunk('IDAT', Buffer.alloc(9))]);
    await expect(inspectPicture(bytes)).rejects.toThrow(/larger than 67 megapixels/);
  });

  it('speaks to people, and keeps what the decoder said as the cause', async () => {
    const bytes = await make('jpg');
    const error = await inspectPicture(bytes.subarray(0, bytes.length / 2)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: 'BrokenPictureError',
      message: expect.stringMatching(/cut short or damaged/),
      cause: expect.any(Error),
    });
  });
});

/** Some lengths less than `length`, among them the shortest and the longest. */
function cuts(length: number): number[] {
  const spread = Array.from({ length: 25 }, (_, i) => Math.floor((i * length) / 25));
  return [...spread, ...Array.from({ length: 16 }, (_, i) => length - 16 + i)];
}

async function make(name: string): Promise<Buffer> {
  const makers: Record<string, () => Sharp | Promise<Sharp>> = {
    png: () => still().png(),
    'interlaced png': () => still().png({ progressive: true }),
    'flat png': () => sharp({ create: { width: 48, height: 32, channels: 4, background: '#8a8' } }).png(),
    jpg: () => still().jpeg(),
    'progressive jpg': () => still().jpeg({ progressive: true }),
    'cmyk jpg': () => still().toColourspace('cmyk').jpeg(),
    webp: () => still().webp(),
    'lossless webp': () => still().webp({ lossless: true }),
    gif: () => still().gif(),
    avif: () => still().avif({ effort: 0 }),
    'moving gif': async () => (await moving()).gif(),
    'moving webp': async () => (await moving()).webp(),
  };
  return (await makers[name]()).toBuffer();
}

function still(): Sharp {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 };
  return sharp({ create: { width: 48, height: 32, channels: 3, background: '#888', noise } });
}

async function moving(): Promise<Sharp> {
  const frames = await Promise.all([still(), still(), still()].map((frame) => frame.png().toBuffer()));
  return sharp(frames, { join: { animated: true } });
}

function pngChunk(name: string, data: Buffer): Buffer {
  const [length, body, checksum] = [Buffer.alloc(4), Buffer.concat([Buffer.from(name), data]), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
