import { readFile } from 'node:fs/promises';
import sharp from 'sharp';

/** As wide as a picture of the studio's gallery is on a dense screen. */
const WIDTH = 320;

/** A WebP copy of the picture file, at most 320 pixels wide: a gallery of whole files would weigh gigabytes. */
export async function smallCopy(path: string): Promise<Buffer> {
  // The bytes and not the path, which would stand in sharp's errors.
  const picture = sharp(await readFile(path)).autoOrient();
  return picture.resize({ width: WIDTH, withoutEnlargement: true }).webp({ quality: 80 }).toBuffer();
}
