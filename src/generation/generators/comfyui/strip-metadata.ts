import { crc32 } from 'node:zlib';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const PNG_METADATA = ['tEXt', 'iTXt', 'zTXt', 'eXIf'];
const JPEG = Buffer.from('ffd8ff', 'hex');
/** APP1 (Exif, XMP), APP13 (IPTC) and comments. */
const JPEG_METADATA = [0xe1, 0xed, 0xfe];
const WEBP_METADATA = ['EXIF', 'XMP '];

/** The bytes are not a whole picture of the format that they begin as. */
export class DamagedPictureError extends Error {
  constructor() {
    super('The picture arrived damaged.');
    this.name = 'DamagedPictureError';
  }
}

/**
 * Takes the prompt, the workflow and every other text out of a PNG, JPEG or WebP file without touching its pixels; ComfyUI writes the whole graph
 * into what it saves. Other formats come back as they are. Throws `DamagedPictureError` for what is cut, corrupt, or not what its name says.
 */
export function stripMetadata(bytes: Buffer, filename: string): Buffer {
  if (bytes.subarray(0, 8).equals(PNG)) return stripPng(bytes);
  if (bytes.subarray(0, 3).equals(JPEG)) return stripJpeg(bytes);
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 12) === 'WEBP') return stripWebp(bytes);
  if (/\.(png|jpe?g|webp)$/i.test(filename)) throw new DamagedPictureError();
  return bytes;
}

/** A chunk is its length (4), type (4), data, and the CRC-32 of type and data (4); IEND is the last. What follows it is dropped. */
function stripPng(bytes: Buffer): Buffer {
  const kept: Buffer[] = [PNG];
  for (let at = PNG.length, type = ''; type !== 'IEND';) {
    const end = at + 12 + numberAt(bytes, at, 'readUInt32BE');
    if (end > bytes.length || crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) throw new DamagedPictureError();
    type = bytes.toString('latin1', at + 4, at + 8);
    if (!PNG_METADATA.includes(type)) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat(kept);
}

/** A segment is FF (any number of them), its marker, its length (2, itself included) and data. After the first scan (DA) all is pixels, up to FF D9. */
function stripJpeg(bytes: Buffer): Buffer {
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (bytes[at + 1] !== 0xda) {
    const padded = bytes[at + 1] === 0xff;
    const end = padded ? at + 1 : at + 2 + numberAt(bytes, at + 2, 'readUInt16BE');
    if (bytes[at] !== 0xff || end > bytes.length) throw new DamagedPictureError();
    if (!padded && !JPEG_METADATA.includes(bytes[at + 1])) kept.push(bytes.subarray(at, end));
    at = end;
  }
  const end = bytes.lastIndexOf(Buffer.from('ffd9', 'hex')) + 2;
  if (end < at) throw new DamagedPictureError();
  return Buffer.concat([...kept, bytes.subarray(at, end)]);
}

/** A chunk is its type (4), length (4, little-endian), data, and a byte more if that makes it even. VP8X has flags for Exif (8) and XMP (4). */
function stripWebp(bytes: Buffer): Buffer {
  const length = 8 + bytes.readUInt32LE(4);
  if (length > bytes.length) throw new DamagedPictureError();
  const kept: Buffer[] = [Buffer.from(bytes.subarray(0, 12))];
  for (let at = 12; at < length;) {
    const size = numberAt(bytes, at + 4, 'readUInt32LE');
    const end = at + 8 + size + (size % 2);
    const type = bytes.toString('latin1', at, at + 4);
    const chunk = Buffer.from(bytes.subarray(at, end));
    if (type === 'VP8X') chunk[8] &= ~0x0c;
    if (!WEBP_METADATA.includes(type)) kept.push(chunk);
    at = end;
  }
  const stripped = Buffer.concat(kept);
  stripped.writeUInt32LE(stripped.length - 8, 4);
  return stripped;
}

function numberAt(bytes: Buffer, at: number, read: 'readUInt32BE' | 'readUInt16BE' | 'readUInt32LE'): number {
  if (at + 4 > bytes.length) throw new DamagedPictureError();
  return bytes[read](at);
}
