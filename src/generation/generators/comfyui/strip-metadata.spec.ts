import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { DamagedPictureError, stripMetadata } from './strip-metadata.js';

const SECRET = 'luna at the lighthouse';
const exif = { IFD0: { ImageDescription: `prompt:${SECRET}`, Make: `workflow:${SECRET}` } };
const image = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#1e90ff', noise: { type: 'gaussian', mean: 128, sigma: 30 } } });
const pixels = (bytes: Buffer) => sharp(bytes).raw().toBuffer();

function chunk(type: string, text: string): Buffer {
  const body = Buffer.from(type + text, 'latin1');
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(body.length - 4, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), whole.length - 4);
  return whole;
}

/** A PNG with these chunks behind its header, which ends at byte 33. */
function withChunks(png: Buffer, ...chunks: Buffer[]): Buffer {
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
}

describe('stripMetadata', () => {
  it('gives a PNG back as it was before ComfyUI wrote its texts into it', async () => {
    const bare = stripMetadata(await image().png().toBuffer(), 'a.png');
    const texts = [
      chunk('tEXt', `prompt\0{"6":"${SECRET}"}`),
      chunk('iTXt', `workflow\0\0\0\0\0${SECRET}`),
      chunk('zTXt', `x\0\0${SECRET}`),
    ];
    const written = withChunks(bare, ...texts, chunk('eXIf', SECRET));

    expect(written.includes(SECRET)).toBe(true);
    expect(stripMetadata(written, 'a.png')).toEqual(bare);
    expect(stripMetadata(Buffer.concat([written, Buffer.from(SECRET)]), 'a.png')).toEqual(bare);
  });

  it('keeps what decides how a PNG looks', async () => {
    const gamma = chunk('gAMA', '\0\0\xb1\x8f');
    const png = withChunks(await image().png().toBuffer(), gamma);

    expect(stripMetadata(png, 'a.png').includes(gamma)).toBe(true);
  });

  it.each(['jpeg', 'webp'] as const)('takes Exif out of a %s file without touching its pixels', async (format) => {
    const written = await image().withExif(exif).toFormat(format).toBuffer();
    const stripped = stripMetadata(written, `a.${format}`);

    expect(written.includes(SECRET)).toBe(true);
    expect(stripped.includes(SECRET)).toBe(false);
    expect((await sharp(stripped).metadata()).exif).toBeUndefined();
    expect(await pixels(stripped)).toEqual(await pixels(written));
  });

  it.each(['jpeg', 'webp'] as const)('takes XMP out of a %s file and keeps its colour profile', async (format) => {
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>${SECRET}</rdf:RDF></x:xmpmeta>`;
    const written = await image().withXmp(xmp).withIccProfile('p3').toFormat(format).toBuffer();
    const stripped = stripMetadata(written, `a.${format}`);

    expect(written.includes(SECRET)).toBe(true);
    expect(stripped.includes(SECRET)).toBe(false);
    expect((await sharp(stripped).metadata()).icc).toEqual((await sharp(written).metadata()).icc);
    expect((await sharp(stripped).metadata()).xmp).toBeUndefined();
  });

  it.each(['png', 'jpeg', 'webp'] as const)('notices every cut of a %s file', async (format) => {
    const whole = await image().toFormat(format).toBuffer();

    expect(() => stripMetadata(whole, `a.${format}`)).not.toThrow();
    for (let length = 0; length < whole.length; length++) {
      expect(() => stripMetadata(whole.subarray(0, length), `a.${format}`)).toThrow(DamagedPictureError);
    }
  });

  it('notices a changed byte anywhere in a PNG', async () => {
    const whole = await image().png().toBuffer();

    for (let at = 8; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] ^= 0x10;
      expect(() => stripMetadata(changed, 'a.png')).toThrow(DamagedPictureError);
    }
  });

  it('does not take a page for a picture, whatever the picture is called', () => {
    const page = Buffer.from('<html>Please log in</html>');

    expect(() => stripMetadata(page, 'a.PNG')).toThrow(DamagedPictureError);
    expect(stripMetadata(page, 'a.gif')).toEqual(page);
  });
});
