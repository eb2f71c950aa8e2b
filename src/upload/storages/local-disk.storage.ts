import { Injectable, Logger, OnModuleInit } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Config } from '../../config/config.js';
import { AssetPage, AssetStorage, Hashes, PublicIdTakenError, StoredAsset } from '../asset-storage.js';
import { AssetFolder } from './local-disk/asset-folder.js';
import { createOnce } from './local-disk/create-once.js';
import { ifThere, withoutPaths } from './local-disk/disk-error.js';
import { pictureFormatOf } from '../picture-format.js';
import { sweep } from './local-disk/sweep.js';
import { syncFolders } from './local-disk/sync-folders.js';

const PAGE_SIZE = 250;

/**
 * Keeps pictures as files `<DATA_DIR>/assets/<publicId>.<format>`, for any number of processes at once. A public id is taken by a picture
 * in any format. Every hash and size it tells was read from the file. Its messages name no path.
 */
@Injectable()
export class LocalDiskStorage extends AssetStorage implements OnModuleInit {
  private readonly logger = new Logger(LocalDiskStorage.name);
  private readonly folder: AssetFolder;
  readonly place: string;

  constructor(private readonly config: Config) {
    super();
    this.folder = new AssetFolder(config);
    this.place = this.folder.root;
  }

  async onModuleInit(): Promise<void> {
    await sweep(this.folder.incoming).catch((error: unknown) => {
      this.logger.warn(`What killed processes left in the asset folder stays there. ${String(withoutPaths(error))}`);
    });
  }

  create(publicId: string, bytes: Buffer, hashes: Hashes, signal: AbortSignal): Promise<StoredAsset> {
    return this.within(signal, () => this.createNow(publicId, bytes, hashes, signal));
  }

  stat(publicId: string, signal: AbortSignal): Promise<StoredAsset | null> {
    return this.within(signal, async () => (await this.read(publicId))?.asset ?? null);
  }

  list(prefix: string, cursor: string | null, signal: AbortSignal): Promise<AssetPage> {
    return this.within(signal, () => this.page(prefix, cursor ?? '', signal));
  }

  private async within<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const late = AbortSignal.timeout(this.config.UPLOAD_TIMEOUT);
    return untilAborted(AbortSignal.any([signal, late]), work).catch((error: unknown) => {
      throw error === late.reason ? new Error(`The disk did not answer within ${this.config.UPLOAD_TIMEOUT} ms.`) : error;
    });
  }

  private async createNow(publicId: string, bytes: Buffer, hashes: Hashes, signal: AbortSignal): Promise<StoredAsset> {
    const existing = await this.folder.find(publicId);
    // Bytes that were damaged on their way must not occupy the name for ever.
    if (hash('sha256', bytes) !== hashes.sha256) throw new Error('These bytes are not those that were hashed; nothing was stored.');
    const format = await pictureFormatOf(bytes);
    if (!existing) await createOnce(this.folder, publicId, { bytes, format }, signal);
    const stored = await this.read(publicId);
    if (!stored) throw new Error(`The picture ${publicId} was removed from the asset folder while it was being stored.`);
    if (!stored.bytes.equals(bytes)) throw new PublicIdTakenError(publicId);
    // Even when it was there before: whoever made it may not have got this far.
    await syncFolders(stored.path, dirname(this.folder.root));
    return stored.asset;
  }

  private async read(publicId: string): Promise<{ path: string; bytes: Buffer; asset: StoredAsset } | null> {
    const found = await this.folder.find(publicId);
    const bytes = found && (await ifThere(readFile(found.path)));
    if (!bytes) return null;
    const { path, format } = found;
    const url = `/assets/${publicId}.${format}`;
    return { path, bytes, asset: { publicId, url, format, bytes: bytes.length, md5: hash('md5', bytes) } };
  }

  private async page(prefix: string, after: string, signal: AbortSignal): Promise<AssetPage> {
    const assets: StoredAsset[] = [];
    for await (const publicId of this.folder.publicIds(prefix, after)) {
      signal.throwIfAborted();
      const last = assets.at(-1);
      if (last && assets.length === PAGE_SIZE) return { assets, cursor: last.publicId };
      const stored = await this.read(publicId);
      if (stored) assets.push(stored.asset);
    }
    return { assets, cursor: null };
  }
}

function hash(algorithm: 'md5' | 'sha256', bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex');
}

/** A disk that does not answer cannot be interrupted, so the wait for it is: what has begun ends in the background. */
async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    return await new Promise<T>((resolve, reject) => {
      const stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      void work()
        .then(resolve, reject)
        .finally(() => signal.removeEventListener('abort', stop));
    });
  } catch (error) {
    signal.throwIfAborted();
    throw withoutPaths(error);
  }
}
