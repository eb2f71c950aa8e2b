import { AssetPage, AssetStorage, StorageRejectedError, StoredAsset } from '../../src/upload/asset-storage.js';

/** Storage in memory that gives two assets at a time, with cursors that say nothing. */
export class PagedStorage extends AssetStorage {
  place = 'pages';
  readonly assets = new Map<string, StoredAsset>();
  /** Each `prefix@cursor` that was asked for. */
  readonly asked: string[] = [];
  /** Runs before each page is given; may throw. */
  beforePage: (page: number) => void | Promise<void> = () => undefined;
  private generation = 1;

  put(publicId: string, md5: string, bytes = 100): void {
    this.assets.set(publicId, { publicId, md5, bytes, format: 'png', url: `/assets/${publicId}.png` });
  }

  /** Cursors given out so far are worth nothing any more. */
  forgetCursors(): void {
    this.generation++;
  }

  async list(prefix: string, cursor: string | null): Promise<AssetPage> {
    this.asked.push(`${prefix}@${cursor ?? ''}`);
    await this.beforePage(this.asked.length);
    const [generation, from] = cursor === null ? [this.generation, 0] : cursor.split('.').map(Number);
    if (generation !== this.generation) throw new StorageRejectedError('This cursor is not known.');
    const all = [...this.assets.values()]
      .filter(({ publicId }) => publicId.startsWith(prefix))
      .toSorted((a, b) => (a.publicId < b.publicId ? -1 : 1));
    const next = from + 2 < all.length ? `${generation}.${from + 2}` : null;
    return { assets: all.slice(from, from + 2), cursor: next };
  }

  async stat(publicId: string): Promise<StoredAsset | null> {
    return this.assets.get(publicId) ?? null;
  }

  create(): never {
    throw new Error('An audit stores nothing.');
  }
}
