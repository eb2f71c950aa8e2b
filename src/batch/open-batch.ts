import { EntityManager, FindOptionsWhere } from 'typeorm';
import { BatchCounts, batchStatus, hasEnded } from './batch-status.js';
import { Batch } from './batch.entity.js';
import { ImageError } from './image-error.js';
import { ImageEvent } from './image-event.entity.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';
import { Transition, TRANSITIONS } from './transitions.js';

/** Somebody else has moved the image on: what this worker holds is worth nothing any more. */
export class LateWorkerError extends Error {
  constructor(readonly imageId: string) {
    super(`Image ${imageId} has moved on without this worker.`);
    this.name = 'LateWorkerError';
  }
}

/** What a transition may write besides the status. */
export type ImageChange = Partial<
  Pick<
    Image,
    | 'retryAt'
    | 'failingSince'
    | 'lostClaims'
    | 'owner'
    | 'promptId'
    | 'url'
    | 'width'
    | 'height'
    | 'format'
    | 'bytes'
    | 'sha256'
    | 'md5'
    | 'generationAttempts'
    | 'uploadAttempts'
    | 'backend'
    | 'error'
  >
>;

/**
 * A batch under its row lock. No image of a batch changes without that lock, so what is read here stays true until the transaction ends,
 * and events are numbered in the order of their commits.
 */
export class OpenBatch {
  private readonly events: Partial<ImageEvent>[] = [];

  constructor(
    readonly tx: EntityManager,
    readonly batch: Batch,
    /** When it was locked, by the clock of the database: the only one that all processes share. */
    readonly now: Date,
  ) {}

  images(where: FindOptionsWhere<Image> = {}): Promise<Image[]> {
    return this.tx.find(Image, { where: { ...where, batchId: this.batch.id }, order: { position: 'ASC' } });
  }

  /** The image as long as `attempt` is still its fencing token and `status` its status; otherwise throws `LateWorkerError`. */
  async held(imageId: string, attempt: number, status: ImageStatus): Promise<Image> {
    const image = await this.tx.findOneBy(Image, { id: imageId, attempt, status });
    if (!image) throw new LateWorkerError(imageId);
    return image;
  }

  /** Moves one image by a lawful transition and writes its event. `error` is the event's: why a failed or put-back image got there. */
  async move(image: Image, transition: Transition, change: ImageChange = {}, error: ImageError | null = null): Promise<void> {
    const { from, to, fences } = TRANSITIONS[transition];
    if (!(from as ImageStatus[]).includes(image.status))
      throw new Error(`${transition} is not lawful for an image that is ${image.status}`);
    const before = { id: image.id, attempt: image.attempt, status: image.status };
    Object.assign(image, change, { status: to, attempt: image.attempt + (fences ? 1 : 0), updatedAt: this.now });
    const { status, attempt, updatedAt } = image;
    const { affected } = await this.tx.update(Image, before, { ...change, status, attempt, updatedAt });
    if (affected !== 1) throw new LateWorkerError(image.id);
    this.count(before.status, to);
    this.events.push(this.eventOf(image, error));
  }

  /** Writes the batch row and the events of all moves; nothing if there were none. */
  async close(): Promise<void> {
    if (this.events.length === 0) return;
    const { id, status, counts, lastEvent, finishedAt } = this.batch;
    await this.tx.update(Batch, { id }, { status, counts, lastEvent, finishedAt });
    await this.tx.insert(ImageEvent, this.events);
  }

  private count(from: ImageStatus, to: ImageStatus): void {
    const { batch } = this;
    batch.counts[from.toLowerCase() as keyof BatchCounts]--;
    batch.counts[to.toLowerCase() as keyof BatchCounts]++;
    batch.status = batchStatus(batch.status, batch.counts, batch.count);
    batch.finishedAt = hasEnded(batch.status) ? this.now : null;
    batch.lastEvent++;
  }

  private eventOf({ id, position, index, status, url }: Image, error: ImageError | null): Partial<ImageEvent> {
    const { id: batchId, lastEvent: number, status: statusAfter } = this.batch;
    return {
      batchId,
      number,
      imageId: id,
      position,
      index,
      status,
      batchStatus: statusAfter,
      url: status === ImageStatus.UPLOADED ? url : null,
      error,
    };
  }
}
