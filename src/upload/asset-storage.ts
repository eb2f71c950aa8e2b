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
 * Create-only storage for pictures. There is no way to overwrite, rename or delete through it. Each call ends within UPLOAD_TIMEOUT once its
 * turn has come.
 * Errors: `PublicIdTakenError` and `StorageRejectedError` will never work as asked, the signal's reason when aborted, anything else is "try again later".
 */
export abstract class AssetStorage {
  /** Tells this storage from every other one, such as another account or another folder. No secret, but not for clients either. */
  abstract readonly place: string;
  /** Stores `bytes` as `publicId`, or finds that exactly these bytes are there already. Durable when it resolves. */
  abstract create(publicId: string, bytes: Buffer, hashes: Hashes, signal: AbortSignal): Promise<StoredAsset>;
  /** What is stored as `publicId`, or null. */
  abstract stat(publicId: string, signal: AbortSignal): Promise<StoredAsset | null>;
  /** Assets whose public id begins with `prefix`, in order of public id, a page at a time. */
  abstract list(prefix: string, cursor: string | null, signal: AbortSignal): Promise<AssetPage>;
}

const PUBLIC_ID = /^[a-z0-9_-]+(\/[a-z0-9_-]+)*$/;
const MAX_LENGTH = 255;

/** Returns `publicId` if it is one that every storage keeps apart from every other, as it is. Throws `StorageRejectedError`. */
export function requirePublicId(publicId: string): string {
  if (publicId.length <= MAX_LENGTH && PUBLIC_ID.test(publicId)) return publicId;
  throw new StorageRejectedError(`A public id is 1 to ${MAX_LENGTH} characters of a-z, 0-9, _ and -, with single slashes between them.`);
}

/** Other bytes are stored under this public id: an alarm, never overwritten. */
export class PublicIdTakenError extends Error {
  constructor(readonly publicId: string) {
    super(`Storage already holds other bytes as ${publicId}; nothing was overwritten.`);
    this.name = 'PublicIdTakenError';
  }
}

/** Storage asks to be left alone for a while: to be tried again, but not at once. */
export class StorageBusyError extends Error {
  constructor(
    message: string,
    /** When it said that it would listen again; null when it did not say. */
    readonly retryAt: Date | null = null,
  ) {
    super(message);
    this.name = 'StorageBusyError';
  }
}

/** Storage will never take this as asked. `message` is for people: no secret, no path, no stack. */
export class StorageRejectedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StorageRejectedError';
  }
}
