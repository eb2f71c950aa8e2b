import { Injectable, Logger, OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import { CloudinaryAccount } from '../../config/cloudinary-account.js';
import { Config } from '../../config/config.js';
import { AssetPage, AssetStorage, Hashes, requirePublicId, StorageRejectedError, StoredAsset } from '../asset-storage.js';
import { pictureFormatOf } from '../picture-format.js';
import { CloudinaryAnswer, CloudinaryClient } from './cloudinary/cloudinary-client.js';
import { CloudinaryAccessError, CloudinaryFault } from './cloudinary/cloudinary-fault.js';
import { Pace } from './cloudinary/pace.js';
import { proven, storedAsset } from './cloudinary/stored-asset.js';

const MIB = 1_048_576;
const PING_TIMEOUT = 5_000;

/**
 * Keeps pictures in a Cloudinary account, as type `upload` under their public id. What an answer does not prove is not believed; what a lost
 * answer left open is settled by the next `create` of the same bytes.
 */
@Injectable()
export class CloudinaryStorage extends AssetStorage implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(CloudinaryStorage.name);
  private readonly pace: Pace;

  private constructor(
    private readonly client: CloudinaryClient,
    private readonly config: Config,
    readonly place: string,
  ) {
    super();
    this.pace = new Pace(config.UPLOAD_CONCURRENCY);
  }

  static async open(config: Config, account: CloudinaryAccount): Promise<CloudinaryStorage> {
    // One more for who asks what is stored while uploads take all the others.
    const client = await CloudinaryClient.open(account, config.UPLOAD_TIMEOUT, config.UPLOAD_CONCURRENCY + 1);
    return new CloudinaryStorage(client, config, `${account.apiOrigin}/${account.cloudName}`);
  }

  /** Wrong credentials end the start; a Cloudinary that is away does not. */
  async onModuleInit(): Promise<void> {
    await this.client.ping(AbortSignal.timeout(PING_TIMEOUT)).catch((error: Error) => {
      if (error instanceof CloudinaryAccessError) throw error;
      this.logger.warn(`Pictures wait until Cloudinary can be reached. ${error.message}`);
    });
  }

  onApplicationShutdown(): void {
    this.client.close();
  }

  async create(publicId: string, bytes: Buffer, { md5 }: Hashes, signal: AbortSignal): Promise<StoredAsset> {
    requirePublicId(publicId);
    signal.throwIfAborted();
    await this.requirePicture(bytes);
    const answer = await this.pace.run(signal, () => this.client.upload(publicId, bytes, signal));
    return proven(answer, publicId, bytes, md5);
  }

  async stat(publicId: string, signal: AbortSignal): Promise<StoredAsset | null> {
    requirePublicId(publicId);
    return this.find(publicId, signal);
  }

  async list(prefix: string, cursor: string | null, signal: AbortSignal): Promise<AssetPage> {
    signal.throwIfAborted();
    // No public id of ours has other characters, and Cloudinary would read some of them its own way.
    if (!/^[a-z0-9/_-]*$/.test(prefix)) return { assets: [], cursor: null };
    const { resources, next_cursor: next = null } = await this.client.page(prefix, cursor, signal);
    if (!Array.isArray(resources)) throw new CloudinaryFault('Cloudinary’s answer is no list of assets.');
    return { assets: await this.allWhole(resources, signal), cursor: next };
  }

  private async requirePicture(bytes: Buffer): Promise<void> {
    const most = this.config.CLOUDINARY_MAX_MIB;
    if (bytes.length > most * MIB) {
      const size = (bytes.length / MIB).toFixed(1);
      throw new StorageRejectedError(`The picture has ${size} MiB, and Cloudinary takes ${most} (CLOUDINARY_MAX_MIB).`);
    }
    await pictureFormatOf(bytes);
  }

  private async find(publicId: string, signal: AbortSignal): Promise<StoredAsset | null> {
    try {
      return storedAsset(await this.pace.run(signal, () => this.client.explicit(publicId, signal)));
    } catch (error) {
      if (error instanceof CloudinaryFault && error.status === 404) return null;
      throw error;
    }
  }

  private async allWhole(listed: CloudinaryAnswer[], signal: AbortSignal): Promise<StoredAsset[]> {
    const ended = new AbortController();
    const either = AbortSignal.any([signal, ended.signal]);
    // When one fails nobody waits for the others.
    const assets = await Promise.all(listed.map((each) => this.whole(each, either))).finally(() => ended.abort());
    return assets.filter((asset) => asset !== null);
  }

  /** When the list tells no hash the asset is asked for it by itself, whoever named it; one that has gone meanwhile is left out. */
  private async whole(listed: CloudinaryAnswer, signal: AbortSignal): Promise<StoredAsset | null> {
    return typeof listed.etag === 'string' ? storedAsset(listed) : this.find(String(listed.public_id), signal);
  }
}
