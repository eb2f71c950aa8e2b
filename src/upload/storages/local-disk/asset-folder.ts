import { createHash, randomUUID } from 'node:crypto';
import { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import { Config } from '../../../config/config.js';
import { requirePublicId, StorageRejectedError } from '../../asset-storage.js';
import { ifThere } from './disk-error.js';
import { isPictureFormat, PICTURE_FORMATS, PictureFormat } from '../../picture-format.js';

const SEGMENT = /^[a-z0-9_-]+$/;

/**
 * The folder `<DATA_DIR>/assets`, where pictures lie as `<publicId>.<format>`. Those in the making lie in `.incoming` within it, which is
 * neither listed nor served. It may be a link itself, but no link in it is followed.
 */
export class AssetFolder {
  readonly root: string;
  readonly incoming: string;

  constructor(config: Config) {
    this.root = resolve(config.DATA_DIR, 'assets');
    this.incoming = join(this.root, '.incoming');
  }

  /** Where `publicId` lies, or would lie, as `format`. Throws `StorageRejectedError` for an id that no file may have. */
  async picture(publicId: string, format: string): Promise<string> {
    return `${await this.#pathOf(requirePublicId(publicId))}.${format}`;
  }

  /** A folder in `.incoming` for `publicId` and no other. */
  claim(publicId: string): Promise<string> {
    return this.#pathOf(`.incoming/${createHash('sha256').update(requirePublicId(publicId)).digest('hex')}`);
  }

  /** A folder in `.incoming` that has never been there. */
  temporary(): Promise<string> {
    return this.#pathOf(`.incoming/${randomUUID()}`);
  }

  /** The picture that is there as `publicId`, in whatever format, or null. */
  async find(publicId: string): Promise<{ path: string; format: PictureFormat } | null> {
    const base = await this.#pathOf(requirePublicId(publicId));
    for (const format of PICTURE_FORMATS) {
      const path = `${base}.${format}`;
      const file = await ifThere(lstat(path));
      if (file && !file.isFile()) throw new StorageRejectedError(`What lies in the asset folder as ${publicId} is not a plain file.`);
      if (file) return { path, format };
    }
    return null;
  }

  /** Public ids that begin with `prefix` and come behind `after`, in order of their UTF-16 code units. */
  async *publicIds(prefix: string, after: string, folder = ''): AsyncGenerator<string> {
    for (const name of await this.#names(folder)) {
      const id = folder + name;
      if (!id.endsWith('/')) {
        if (id.startsWith(prefix) && id > after) yield id;
      } else if ((id.startsWith(prefix) || prefix.startsWith(id)) && (id > after || after.startsWith(id))) {
        yield* this.publicIds(prefix, after, id);
      }
    }
  }

  /** Sorted with the slash that follows a folder, for `a-b` comes before `a/b`. */
  async #names(folder: string): Promise<string[]> {
    const entries = (await ifThere(readdir(join(this.root, folder), { withFileTypes: true }))) ?? [];
    return [...new Set(entries.flatMap(nameOf))].toSorted();
  }

  /** Every path is made here: what is on the way to it is a real folder of ours, or not there yet. */
  async #pathOf(name: string): Promise<string> {
    const path = join(this.root, name);
    for (let folder = dirname(path); folder !== this.root; folder = dirname(folder)) {
      const found = await ifThere(lstat(folder));
      if (found && !found.isDirectory())
        throw new StorageRejectedError('In the asset folder, a link or a file lies in the place of a folder.');
    }
    return path;
  }
}

/** What an entry adds to a public id: nothing when it is none of ours. */
function nameOf(entry: Dirent): string[] {
  if (entry.isDirectory()) return SEGMENT.test(entry.name) ? [`${entry.name}/`] : [];
  const { name, ext } = parse(entry.name);
  return entry.isFile() && SEGMENT.test(name) && isPictureFormat(ext.slice(1)) ? [name] : [];
}
