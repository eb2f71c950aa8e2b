import sharp, { Metadata } from 'sharp';

/** An 8192 × 8192 picture, frames of an animation added up. */
const MAX_PIXELS = 8192 * 8192;

const NOT_A_PICTURE = 'What the generator sent is not a PNG, JPEG, WebP, GIF or AVIF picture.';
const DAMAGED = 'The picture that the generator sent is cut short or damaged.';
const TOO_LARGE = 'The picture that the generator sent is larger than 67 megapixels.';

/** These bytes are not one whole picture. `message` is for people; `cause` says what the decoder found. */
export class BrokenPictureError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrokenPictureError';
  }
}

/**
 * Decodes every pixel of every frame and tells the size of one frame in pixels and the format: png, jpg, webp, gif or avif.
 * Throws BrokenPictureError when a part is missing or damaged. Bytes behind the end of a whole picture do no harm and are accepted.
 */
export async function inspectPicture(bytes: Buffer): Promise<{ width: number; height: number; format: string }> {
  if (bytes.length === 0) refuse('The generator sent an empty picture.');
  const metadata = await readHeader(bytes);
  const format = formatOf(metadata) ?? refuse(NOT_A_PICTURE);
  const { width, height, pageHeight } = metadata;
  if (width * height > MAX_PIXELS) refuse(TOO_LARGE);
  await decode(bytes);
  if (!hasEnd(bytes, format)) refuse(DAMAGED);
  return { width, height: pageHeight ?? height, format };
}

function readHeader(bytes: Buffer): Promise<Metadata> {
  const header = sharp(bytes, { animated: true, limitInputPixels: false }).metadata();
  return header.catch((cause: unknown) => refuse(NOT_A_PICTURE, cause));
}

/** One channel is enough to keep: the decoder goes through all of the file for it. */
async function decode(bytes: Buffer): Promise<void> {
  const picture = sharp(bytes, { animated: true, failOn: 'warning', limitInputPixels: MAX_PIXELS }).extractChannel(0).raw();
  await picture.toBuffer().catch((cause: unknown) => refuse(DAMAGED, cause));
}

function refuse(message: string, cause?: unknown): never {
  throw new BrokenPictureError(message, { cause });
}

function formatOf({ format, compression }: Metadata): string | undefined {
  if (format === 'heif') return compression === 'av1' ? 'avif' : undefined;
  return { png: 'png', jpeg: 'jpg', webp: 'webp', gif: 'gif' }[format as string];
}

/** Looks where the decoder does not: it may take a PNG without its last chunk, a JPEG without its last marker, a GIF without its last frames. */
function hasEnd(bytes: Buffer, format: string): boolean {
  if (format === 'gif') return hasGifEnd(bytes);
  const end = ENDS[format];
  return end === undefined || bytes.includes(end);
}

/** The IEND chunk of a PNG, with no data and so always with the same checksum, and the EOI marker of a JPEG. */
const ENDS: Record<string, Buffer> = { png: Buffer.from('0000000049454e44ae426082', 'hex'), jpg: Buffer.from('ffd9', 'hex') };

/** Walks from block to block (GIF89a specification, appendix A and B) until the trailer. */
function hasGifEnd(bytes: Buffer): boolean {
  let at = 13 + colorTable(bytes[10]);
  while (at < bytes.length && bytes[at] !== 0x3b) {
    // An extension begins with its label; an image with its place, its colours and the size of its codes.
    at += bytes[at] === 0x21 ? 2 : 11 + colorTable(bytes[at + 9]);
    while (bytes[at]) at += bytes[at] + 1;
    at += 1;
  }
  return at < bytes.length;
}

function colorTable(flags: number): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
