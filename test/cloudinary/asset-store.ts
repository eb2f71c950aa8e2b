import { type Asset, type Content, Shelf } from './shelf.js';

/** Everything that the account holds. A public id is unique within its resource type and delivery type. */
export class AssetStore {
  /** How often an upload put other bytes in the place of an asset. */
  overwrites = 0;
  /** How often an upload put the very same bytes in the place of an asset. */
  rewrites = 0;
  private readonly shelves = new Map<string, Shelf>();

  constructor(private readonly now: () => number) {}

  shelf(resourceType: string, type: string): Shelf {
    const key = `${resourceType}/${type}`;
    const shelf = this.shelves.get(key) ?? new Shelf(resourceType, type, this.now);
    this.shelves.set(key, shelf);
    return shelf;
  }

  get images(): Shelf {
    return this.shelf('image', 'upload');
  }

  /** What does not lie where uploads of images usually go. */
  get strays(): Asset[] {
    const others = [...this.shelves.values()].filter((shelf) => shelf !== this.images);
    return others.flatMap((shelf) => [...shelf.assets.values()]);
  }

  /** Stores, and counts what it replaced. */
  upload(shelf: Shelf, publicId: string, content: Content): { asset: Asset; outcome: 'stored' | 'replaced' | 'rewritten' } {
    const { asset, before } = shelf.put(publicId, content);
    if (!before) return { asset, outcome: 'stored' };
    const isSame = before.etag === asset.etag;
    if (isSame) this.rewrites++;
    else this.overwrites++;
    return { asset, outcome: isSame ? 'rewritten' : 'replaced' };
  }
}
