import Table from 'cli-table3';
import { DemoImage } from './demo-client.js';

const WHOLE_HASH = 64;
/** Columns of the table beside the hash, when the file names are short. */
const BESIDE_HASH = 66;

/**
 * The stored pictures as a table. On a terminal of `columns` it is made to fit: the folder stands above it, and hashes are shortened where they
 * must be. Where the output is no terminal (`columns` undefined) nothing is cut.
 */
export function pictureTable(images: DemoImage[], fileOf: (image: DemoImage) => string, columns: number | undefined): string {
  if (columns === undefined) return draw(images, fileOf, WHOLE_HASH, { head: [], border: [] });
  const folder = fileOf(images[0]).replace(/[^/\\]*$/, '');
  const hash = Math.max(8, Math.min(WHOLE_HASH, columns - BESIDE_HASH));
  return `Files in ${folder}\n${draw(images, (image) => fileOf(image).slice(folder.length), hash, { head: ['bold'], border: ['gray'] })}`;
}

function draw(
  images: DemoImage[],
  fileOf: (image: DemoImage) => string,
  hash: number,
  colours: { head: string[]; border: string[] },
): string {
  const table = new Table({
    head: ['position', 'index', 'seed', 'file', 'size', 'SHA-256'],
    style: { ...colours, compact: true },
    colAligns: ['right', 'right', 'right', 'left', 'right', 'left'],
  });
  for (const image of images) table.push(rowOf(image, fileOf(image), hash));
  return table.toString();
}

function rowOf({ position, index, seed, bytes, sha256 }: DemoImage, file: string, hash: number): (string | number)[] {
  return [position, index, seed, file, bytes === null ? '–' : `${Math.round(bytes / 1024)} kB`, sha256?.slice(0, hash) ?? '–'];
}
