import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Any, DataSource, In } from 'typeorm';
import { BadInputError, NotFoundError } from '../api/errors.js';
import { isUuid } from '../api/page.js';
import { Caller } from '../auth/caller.js';
import { Doorbell } from '../queue/doorbell.js';
import { GENERATION_QUEUE, UPLOAD_QUEUE } from '../queue/queue-names.js';
import { Batch } from './batch.entity.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';
import { Ledger } from './ledger.js';
import { OpenBatch } from './open-batch.js';
import { StagedPicture } from './staged-picture.entity.js';

const { QUEUED, GENERATING, GENERATED, FAILED } = ImageStatus;

/** What a client may do with a batch that exists. */
@Injectable()
export class BatchService {
  private readonly logger = new Logger(BatchService.name);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly doorbell: Doorbell,
  ) {}

  /** The batch, or null when there is none of this id that the caller may see. */
  async find(id: string, caller: Caller): Promise<Batch | null> {
    const batch = isUuid(id) ? await this.dataSource.manager.findOneBy(Batch, { id }) : null;
    return batch && caller.maySee(batch.username) ? batch : null;
  }

  /** The same where a missing batch is an error: mutations and subscriptions. */
  async get(id: string, caller: Caller): Promise<Batch> {
    const batch = await this.find(id, caller);
    if (!batch) throw new NotFoundError('Batch');
    return batch;
  }

  /** Cancels every image whose upload has not begun; an upload that has begun is let finish, for storage may have the picture already. */
  async cancel(id: string, caller: Caller): Promise<Batch> {
    const { id: batchId } = await this.get(id, caller);
    return this.ledger.change(batchId, 'cancel batch', async (open) => {
      const unbegun = await open.images({ status: In([QUEUED, GENERATING, GENERATED]), uploadAttempts: 0 });
      for (const image of unbegun) await open.move(image, 'cancel', { owner: null });
      if (unbegun.length > 0) await open.tx.delete(StagedPicture, { imageId: In(unbegun.map((image) => image.id)) });
      this.logger.log(`batch ${batchId}: ${unbegun.length} images cancelled`);
      return open.batch;
    });
  }

  /** Takes FAILED images up again, all or those at `positions`, each at the stage where it failed. */
  async retry(id: string, positions: number[] | null, caller: Caller): Promise<Batch> {
    const { id: batchId, count } = await this.get(id, caller);
    if (positions?.some((position) => position < 1 || position > count)) {
      throw new BadInputError([{ field: 'positions', message: `must be within 1…${count}` }]);
    }
    // As one array: a query takes no more than 65,535 values one by one.
    const wanted = positions && { position: Any(positions) };
    const retried = await this.ledger.change(batchId, 'retry batch', async (open) => {
      const failed = await open.images({ status: FAILED, ...wanted });
      return { batch: open.batch, images: await this.takeUp(open, failed) };
    });
    this.logger.log(`batch ${batchId}: ${retried.images.length} failed images taken up again`);
    await this.doorbell.ring(
      GENERATION_QUEUE,
      retried.images.filter(({ status }) => status === QUEUED),
    );
    await this.doorbell.ring(
      UPLOAD_QUEUE,
      retried.images.filter(({ status }) => status === GENERATED),
    );
    return retried.batch;
  }

  private async takeUp(open: OpenBatch, failed: Image[]): Promise<Image[]> {
    const imageId = In(failed.map(({ id }) => id));
    const staged = new Set(
      (await open.tx.find(StagedPicture, { select: { imageId: true }, where: { imageId } })).map((row) => row.imageId),
    );
    // An image whose bytes were fixed and then lost can never be made whole: other bytes may not take its name.
    const images = failed.filter(({ id, sha256 }) => sha256 === null || staged.has(id));
    for (const image of images) {
      const transition = image.sha256 === null ? 'retryGeneration' : 'retryUpload';
      await open.move(image, transition, { error: null, failingSince: null, lostClaims: 0, retryAt: open.now });
    }
    return images;
  }
}
