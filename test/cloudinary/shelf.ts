import { createHash, randomBytes } from 'node:crypto';

export interface Content {
  bytes: Buffer;
  /** png, jpg, webp, gif, avif, svg…; null for what is stored as raw. */
  format: string | null;
  width: number;
  height: number;
  pages: number;
  originalFilename: string;
}

export interface Asset extends Content {
  publicId: string;
  resourceType: string;
  type: string;
  /** MD5 of the stored bytes, lower-case hex. */
  etag: string;
  /** Stays when the asset is overwritten. */
  assetId: string;
  /** Seconds since 1970. */
  version: number;
  versionId: string;
  /** Milliseconds since 1970; stays when the asset is overwritten. */
  createdAt: number;
  /** In order of creation. */
  serial: number;
}

/** The assets of one resource type and delivery type, by public id. */
export class Shelf {
  readonly assets = new Map<string, Asset>();
  private ordered: Asset[] | null = null;
  private made = 0;

  constructor(
    private readonly resourceType: string,
    private readonly type: string,
    private readonly now: () => number,
  ) {}

  /** Stores whatever was there before, and returns that as well. */
  put(publicId: string, content: Content): { asset: Asset; before: Asset | undefined } {
    const before = this.assets.get(publicId);
    const asset = { ...this.identityOf(before), ...content, ...this.newVersion(), publicId, etag: md5(content.bytes) };
    this.assets.set(publicId, asset);
    this.ordered = null;
    return { asset, before };
  }

  delete(publicId: string): boolean {
    this.ordered = null;
    return this.assets.delete(publicId);
  }

  /** In order of the bytes of the public ids. */
  inOrderOfId(): Asset[] {
    this.ordered ??= [...this.assets.values()]
      .map((asset) => ({ asset, key: Buffer.from(asset.publicId) }))
      .sort((a, b) => Buffer.compare(a.key, b.key))
      .map(({ asset }) => asset);
    return this.ordered;
  }

  newestFirst(): Asset[] {
    return [...this.assets.values()].sort((a, b) => b.serial - a.serial);
  }

  private identityOf(before: Asset | undefined): Pick<Asset, 'resourceType' | 'type' | 'assetId' | 'createdAt' | 'serial'> {
    const { resourceType, type } = this;
    if (before) return { resourceType, type, assetId: before.assetId, createdAt: before.createdAt, serial: before.serial };
    return { resourceType, type, assetId: hex32(), createdAt: this.now(), serial: ++this.made };
  }

  private newVersion(): Pick<Asset, 'version' | 'versionId'> {
    return { version: Math.floor(this.now() / 1000), versionId: hex32() };
  }
}

function hex32(): string {
  return randomBytes(16).toString('hex');
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}
