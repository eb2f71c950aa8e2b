import { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BatchStatus } from './batch-status.js';
import { Batch } from './batch.entity.js';
import { ImageEvent } from './image-event.entity.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';
import { publicId } from './public-id.js';

/** What a request decides about its batch; the rest follows from it and from its indices. */
export type NewBatch = Omit<Batch, 'status' | 'counts' | 'lastEvent' | 'createdAt' | 'finishedAt'>;

/** Writes a batch, its images QUEUED under `indices`, and events 1…count, within the caller's transaction. */
export async function insertBatch(tx: EntityManager, batch: NewBatch, indices: number[], prefix: string): Promise<Image[]> {
  const { turn, createdAt } = await nextTurn(tx, batch.username);
  const none = { generating: 0, generated: 0, uploading: 0, uploaded: 0, failed: 0, cancelled: 0 };
  const counts = { queued: batch.count, ...none };
  await tx.insert(Batch, { ...batch, status: BatchStatus.QUEUED, counts, lastEvent: batch.count, createdAt, finishedAt: null } as object);
  const images = indices.map((index, k) => ({
    ...{ id: uuidv7(), batchId: batch.id, seriesId: batch.seriesId, username: batch.username, character: batch.character },
    ...{ position: k + 1, index, publicId: publicId(prefix, batch.username, batch.character, index), seed: batch.seed + k },
    ...{ status: ImageStatus.QUEUED, attempt: 0, turn: turn + k, retryAt: createdAt, createdAt, updatedAt: createdAt },
  })) as Image[];
  await tx.insert(Image, images);
  await tx.insert(ImageEvent, images.map(queuedEvent));
  return images;
}

/**
 * The virtual start time of a user's next image (start-time fair queueing): behind their own waiting images, but level with whoever waits
 * longest, so that a user who asks for four does not stand behind another's four hundred. With it the time by the database's clock.
 */
async function nextTurn(tx: EntityManager, username: string): Promise<{ turn: number; createdAt: Date }> {
  const [{ turn, createdAt }]: { turn: string; createdAt: Date }[] = await tx.query(
    `SELECT greatest(0,
       (SELECT max(turn) + 1 FROM image WHERE status = 'QUEUED' AND username = $1),
       coalesce((SELECT min(turn) FROM image WHERE status = 'QUEUED'),
                (SELECT max(turn) FROM image WHERE status IN ('GENERATING', 'GENERATED', 'UPLOADING')))) AS turn, clock_timestamp() AS "createdAt"`,
    [username],
  );
  return { turn: Number(turn), createdAt };
}

function queuedEvent({ batchId, id: imageId, position, index, status }: Image): Partial<ImageEvent> {
  return { batchId, number: position, imageId, position, index, status, batchStatus: BatchStatus.QUEUED, url: null, error: null };
}
