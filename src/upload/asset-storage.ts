/** What storage proved to hold. */
export interface StoredAsset {
  publicId: string;
  /** Where clients fetch it: absolute, or a path on this service that begins with `/`. */
  url: string;
  /** png, jpg, webp… */
  format: string;
  /** Size in bytes, as read back from storage. */
  bytes: number;
  /** Lower-case hex, of the bytes that storage holds, not of those that were sent. */
  md5: string;
}

export interface Hashes {
  /** Lower-case hex. */
  sha256: string;
  md5: string;
}

export interface AssetPage {
  assets: StoredAsset[];
  /** Pass it to `list` for the next page; null on the last. */
  cursor: string | null;
}

/**
 * Create-only storage for pictures. There is no way to overwrite, rename or delete through it.
 * Errors: `PublicIdTakenError` and `StorageRejectedError` will never work as asked, the signal's reason when aborted, anything else is "try again later".
 */
export abstract class AssetStorage {
  /** Stores `bytes` as `publicId`, or finds that exactly these bytes are there already. Durable when it resolves. */
  abstract create(publicId: string, bytes: Buffer, hashes: Hashes, signal: AbortSignal): Promise<StoredAsset>;
  /** What is stored as `publicId`, or null. */
  abstract stat(publicId: string, signal: AbortSignal): Promise<StoredAsset | null>;
  /** Assets whose public id begins with `prefix`, in order of public id, a page at a time. */
  abstract list(prefix: string, cursor: string | null, signal: AbortSignal): Promise<AssetPage>;
}

/** Other bytes are stored under this public id: an alarm, never overwritten. */
export class PublicIdTakenError extends Error {
  constructor(readonly publicId: string) {
    super(`Storage already holds other bytes as ${publicId}; nothing was overwritten.`);
    this.name = 'PublicIdTakenError';
  }
}

/** Storage will never take this as asked. `message` is for people: no secret, no path, no stack. */
export class StorageRejectedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StorageRejectedError';
  }
}
