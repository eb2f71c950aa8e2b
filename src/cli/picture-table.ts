import Table from 'cli-table3';
import { ShownImage } from './batch-operations.js';

const WHOLE_HASH = 64;
/** Columns of the table beside the hash, when the file names are short. */
const BESIDE_HASH = 66;

/** Where a person finds the picture, or null when it is not stored. */
export type FileOf = (image: ShownImage) => string | null;

/**
 * The pictures as a table. On a terminal of `columns` it is made to fit: the folder stands above it, and hashes are shortened where they
 * must be. Where the output is no terminal (`columns` undefined) nothing is cut.
 */
export function pictureTable(images: ShownImage[], fileOf: FileOf, columns: number | undefined): string {
  if (columns === undefined) return draw(images, fileOf, WHOLE_HASH, { head: [], border: [] });
  const folder = folderOf(images, fileOf);
  const hash = Math.max(8, Math.min(WHOLE_HASH, columns - BESIDE_HASH));
  const inFolder = (image: ShownImage) => fileOf(image)?.slice(folder.length) ?? null;
  return `${folder && `Files in ${folder}\n`}${draw(images, inFolder, hash, { head: ['bold'], border: ['gray'] })}`;
}

/** The folder that all files are in; nothing where they are not all in one. */
function folderOf(images: ShownImage[], fileOf: FileOf): string {
  const files = images.map(fileOf).filter((file) => file !== null);
  const folder = files[0]?.replace(/[^/\\]*$/, '') ?? '';
  return files.every((file) => file.startsWith(folder)) ? folder : '';
}

function draw(images: ShownImage[], fileOf: FileOf, hash: number, colours: { head: string[]; border: string[] }): string {
  const table = new Table({
    head: ['position', 'index', 'seed', 'file', 'size', 'SHA-256'],
    style: { ...colours, compact: true },
    colAligns: ['right', 'right', 'right', 'left', 'right', 'left'],
  });
  for (const image of images) table.push(rowOf(image, fileOf(image) ?? '–', hash));
  return table.toString();
}

function rowOf({ position, index, seed, bytes, sha256 }: ShownImage, file: string, hash: number): (string | number)[] {
  return [position, index, seed, file, bytes === null ? '–' : `${Math.round(bytes / 1024)} kB`, sha256?.slice(0, hash) ?? '–'];
}
