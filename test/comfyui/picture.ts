import { createHash } from 'node:crypto';
import sharp from 'sharp';

/** All that decides the pixels of a picture. */
export interface Recipe {
  text: string;
  negative: string;
  /** Decimal digits, since ComfyUI's seeds go up to 2^64-1. */
  seed: string;
  width: number;
  height: number;
  checkpoint: string;
  /** Those that were really found, of both prompts. */
  embeddings: string[];
  /** Place in its batch, from 0. */
  position: number;
}

const side = 16;

/** A whole PNG of exactly the asked size. Its first pixels spell the fingerprint of the recipe; the rest are tiles in its colours. */
export async function paint(recipe: Recipe): Promise<Buffer> {
  const digest = Buffer.from(fingerprintOfRecipe(recipe), 'hex');
  const { width, height } = recipe;
  const rows = Array.from({ length: Math.ceil(height / side) }, (_, y) => rowOfTiles(digest, y, width));
  const pixels = Buffer.concat(Array.from({ length: height }, (_, y) => rows[Math.floor(y / side)]));
  digest.copy(pixels);
  return encode(pixels, width, height);
}

/** One plain colour, for EmptyImage. */
export async function paintPlain(width: number, height: number, color: number): Promise<Buffer> {
  const pixel = Buffer.from([(color >> 16) & 255, (color >> 8) & 255, color & 255]);
  return encode(Buffer.alloc(width * height * 3, pixel), width, height);
}

/** A small JPEG as sampler previews are, in the colours of the recipe. */
export async function paintPreview(recipe: Recipe): Promise<Buffer> {
  const [r, g, b] = Buffer.from(fingerprintOfRecipe(recipe), 'hex');
  return sharp({ create: { width: 64, height: 64, channels: 3, background: { r, g, b } } })
    .jpeg()
    .toBuffer();
}

/** 64 hex digits that differ when anything in the recipe does. */
export function fingerprintOfRecipe(recipe: Recipe): string {
  const { text, negative, seed, width, height, checkpoint, embeddings, position } = recipe;
  const told = JSON.stringify([text, negative, seed, width, height, checkpoint, [...embeddings].sort(), position]);
  return createHash('sha256').update(told).digest('hex');
}

/** Reads the fingerprint out of the pixels, whatever the file's text chunks or compression. */
export async function fingerprintOfPicture(bytes: Buffer): Promise<string> {
  const pixels = await sharp(bytes).removeAlpha().raw().toBuffer();
  return pixels.subarray(0, 32).toString('hex');
}

function rowOfTiles(digest: Buffer, y: number, width: number): Buffer {
  const tiles = Array.from({ length: Math.ceil(width / side) }, (_, x) => {
    const place = (x * 7 + y * 3) % 29;
    return Buffer.alloc(side * 3, digest.subarray(place, place + 3));
  });
  return Buffer.concat(tiles).subarray(0, width * 3);
}

function encode(pixels: Buffer, width: number, height: number): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
