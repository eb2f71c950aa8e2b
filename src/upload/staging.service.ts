import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { createHash } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ImageStatus } from '../batch/image-status.js';
import { Image } from '../batch/image.entity.js';
import { Ledger } from '../batch/ledger.js';
import { ImageChange } from '../batch/open-batch.js';
import { Outcomes } from '../batch/outcomes.js';
import { StagedPicture } from '../batch/staged-picture.entity.js';
import { inTransaction } from '../database/transaction.js';
import { Doorbell } from '../queue/doorbell.js';
import { UPLOAD_QUEUE } from '../queue/queue-names.js';
import { inspectPicture } from './inspect-picture.js';

/** Keeps the bytes of generated pictures safe in the database until storage has been proven to hold them. */
@Injectable()
export class StagingService {
  private readonly logger = new Logger(StagingService.name);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly outcomes: Outcomes,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * GENERATING → GENERATED: the bytes, their hashes and the event become durable together, then the upload bell rings.
   * Waits out a database that is away for a moment. Throws BrokenPictureError when `bytes` are not one whole picture, LateWorkerError when the
   * image has moved on.
   */
  async accept(claimed: Image, bytes: Buffer): Promise<void> {
    const { width, height, format } = await inspectPicture(bytes);
    const change = { width, height, format, bytes: bytes.length, sha256: digest('sha256', bytes), md5: digest('md5', bytes) };
    const image = await this.outcomes.persist(() => this.store(claimed, bytes, change));
    this.ledger.announce(image.batchId);
    this.logger.log(`${image.story}: generated, ${image.bytes} bytes of ${format}`);
    await this.doorbell.ring(UPLOAD_QUEUE, [image]);
  }

  /** The staged bytes of an image, or null when they are gone. */
  async read(imageId: string): Promise<Buffer | null> {
    const staged = await this.dataSource.manager.findOneBy(StagedPicture, { imageId });
    return staged?.bytes ?? null;
  }

  private store(claimed: Image, bytes: Buffer, change: ImageChange): Promise<Image> {
    return inTransaction(this.dataSource, 'accept bytes', async (tx) => {
      // Before the batch is locked, for the bytes may be many.
      await tx.query('INSERT INTO staged_picture (image_id, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING', [claimed.id, bytes]);
      return this.ledger.changeWithin(tx, claimed.batchId, async (open) => {
        const held = await open.held(claimed.id, claimed.attempt, ImageStatus.GENERATING);
        await open.move(held, 'acceptBytes', { ...change, owner: null, failingSince: null, lostClaims: 0, retryAt: open.now });
        return held;
      });
    });
  }
}

function digest(algorithm: 'sha256' | 'md5', bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('hex');
}
