import { Injectable, Logger } from '@nestjs/common';
import { Claims } from '../batch/claims.js';
import { HeldImages } from '../batch/held-images.js';
import { Stage } from '../batch/image-error.js';
import { Image } from '../batch/image.entity.js';
import { LateWorkerError, OpenBatch } from '../batch/open-batch.js';
import { Outcomes } from '../batch/outcomes.js';
import { StagedPicture } from '../batch/staged-picture.entity.js';
import { durable } from '../durable/durable-steps.js';
import { UPLOAD_QUEUE } from '../queue/queue-names.js';
import { Shift } from '../queue/shift.js';
import { adoptCommand } from './adopt-command.js';
import { AssetStorage, PublicIdTakenError, StorageRejectedError, StoredAsset } from './asset-storage.js';
import { StagingService } from './staging.service.js';

/** The second stage: GENERATED → UPLOADING → UPLOADED, and the staged bytes let go once storage has been proven to hold them. */
@Injectable()
export class UploadWorker {
  private readonly logger = new Logger(UploadWorker.name);

  constructor(
    private readonly claims: Claims,
    private readonly held: HeldImages,
    private readonly staging: StagingService,
    private readonly storage: AssetStorage,
    private readonly outcomes: Outcomes,
    private readonly shift: Shift,
  ) {}

  /** Works on the next image whose upload is due, if there is one. */
  async uploadNext(): Promise<void> {
    if (this.shift.isEnding) return;
    const image = await this.claims.next(UPLOAD_QUEUE, async (_tx, query) => {
      const due = await query.first();
      return due && { due, terms: ({ uploadAttempts }) => ({ uploadAttempts: uploadAttempts + 1 }) };
    });
    if (image) await this.held.during(image.id, () => this.upload(image));
  }

  private async upload(image: Image): Promise<void> {
    try {
      const { sha256, md5, publicId } = image;
      const bytes = await this.outcomes.persist(() => this.staging.read(image.id));
      if (!bytes || !sha256 || !md5) return await this.loseBytes(image);
      const asset = await durable('create asset', () => this.storage.create(publicId, bytes, { sha256, md5 }, this.shift.over));
      prove(image, asset);
      await this.outcomes.write(image, 'prove upload', (open, held) => this.finish(open, held, asset));
      this.logger.log(`${image.story}: uploaded as ${publicId}`);
    } catch (error) {
      await this.setBack(image, error as Error);
    }
  }

  private async finish(open: OpenBatch, image: Image, { url, format }: StoredAsset): Promise<void> {
    await open.move(image, 'proveUpload', { owner: null, failingSince: null, error: null, url, format });
    await open.tx.delete(StagedPicture, { imageId: image.id });
  }

  private async setBack(image: Image, error: Error): Promise<void> {
    if (error instanceof LateWorkerError) return this.logger.debug(error.message);
    const final = { stage: Stage.UPLOAD, message: error.message, retryable: false };
    if (error instanceof PublicIdTakenError)
      return this.outcomes.fail(image, { ...final, code: 'PUBLIC_ID_TAKEN', message: wayOut(image, error) });
    if (error instanceof StorageRejectedError) return this.outcomes.fail(image, { ...final, code: 'STORAGE_REJECTED' });
    await this.outcomes.retryLater(image, { code: 'STORAGE_UNAVAILABLE', message: 'Storage did not take the picture.' }, error);
  }

  private loseBytes(image: Image): Promise<void> {
    const message = 'The bytes that were generated are gone, and another picture may not take their name. Make a new batch.';
    return this.outcomes.fail(image, { stage: Stage.UPLOAD, code: 'STAGED_BYTES_LOST', message, retryable: false });
  }
}

/** UPLOADED means proven: exactly our bytes under exactly our name, by what storage says it holds. */
function prove({ publicId, md5, bytes }: Image, asset: StoredAsset): void {
  if (asset.publicId !== publicId || asset.md5 !== md5 || asset.bytes !== bytes) throw new PublicIdTakenError(publicId);
}

/** Its bytes stay staged: a retry stores them once the other asset is gone, and until then only fails again. */
function wayOut({ username, character }: Image, { message }: PublicIdTakenError): string {
  return `${message} Run \`${adoptCommand(username, character)}\` so that new batches get free names.`;
}
