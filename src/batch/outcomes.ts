import { Injectable, Logger } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import pRetry from 'p-retry';
import { DurableStep } from '../durable/durable-steps.js';
import { Doorbell } from '../queue/doorbell.js';
import { GENERATION_QUEUE, UPLOAD_QUEUE } from '../queue/queue-names.js';
import { Shift } from '../queue/shift.js';
import { ImageError } from './image-error.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';
import { Ledger } from './ledger.js';
import { LateWorkerError, OpenBatch } from './open-batch.js';
import { Setbacks } from './setbacks.js';

/** How long an outcome is tried to be written while the database is away; after that the rescuer takes the image back. Milliseconds. */
const PATIENCE = 60_000;
/** How much of that is left once the shift is over. Milliseconds. */
const PATIENCE_AFTER_SHIFT = 5_000;

/** Writes what became of an image that this process had claimed. */
@Injectable()
export class Outcomes {
  private readonly logger = new Logger(Outcomes.name);
  private readonly patienceIsOver = new AbortController();

  constructor(
    private readonly ledger: Ledger,
    private readonly setbacks: Setbacks,
    private readonly doorbell: Doorbell,
    private readonly shift: Shift,
  ) {
    // Every write that waits listens, and Node would take so many for a leak.
    setMaxListeners(0, this.patienceIsOver.signal);
    const end = () => this.patienceIsOver.abort();
    shift.over.addEventListener('abort', () => setTimeout(end, PATIENCE_AFTER_SHIFT).unref(), { once: true });
  }

  /** Writes one outcome under the claim's fencing token, waiting out a database that is away for a moment. Throws LateWorkerError. */
  async write(claimed: Image, step: DurableStep, outcome: (open: OpenBatch, held: Image) => Promise<void>): Promise<Image> {
    return this.persist(() =>
      this.ledger.change(claimed.batchId, step, async (open) => {
        const held = await open.held(claimed.id, claimed.attempt, claimed.status);
        await outcome(open, held);
        return held;
      }),
    );
  }

  /** Waits out a database that is away for a moment; a late worker's write is not tried again. Gives or throws what the last try did. */
  async persist<T>(write: () => Promise<T>): Promise<T> {
    const { signal } = this.patienceIsOver;
    const backoff = { retries: Infinity, minTimeout: 100, maxTimeout: 5_000, randomize: true, maxRetryTime: PATIENCE, signal };
    let last: Promise<T> | undefined;
    const tryOnce = () => (last = write());
    // It would throw the signal's reason in place of a try's error, and even of a success.
    await pRetry(tryOnce, { ...backoff, shouldRetry: ({ error }) => !(error instanceof LateWorkerError) }).catch(() => undefined);
    return last ?? write();
  }

  /** The image will never work as asked: FAILED. */
  async fail(claimed: Image, error: ImageError): Promise<void> {
    this.logger.warn(`${claimed.story}: failed, ${error.code}: ${error.message}`);
    await this.write(claimed, 'fail image', (open, held) => this.setbacks.fail(open, held, error)).catch(unlessLate);
  }

  /** It may work later. When the service is shutting down the image is handed back instead, which counts as no failure. */
  async retryLater(claimed: Image, error: Pick<ImageError, 'code' | 'message'>, cause: unknown): Promise<void> {
    const handingBack = this.shift.over.aborted;
    this.logger.warn(`${claimed.story}: ${handingBack ? 'handed back at shutdown' : `${error.code}, ${(cause as Error).message}`}`);
    const image = await this.write(claimed, handingBack ? 'hand back' : 'try again later', (open, held) =>
      handingBack ? this.setbacks.handBack(open, held) : this.setbacks.retryLater(open, held, error),
    ).catch(unlessLate);
    if (!image || image.status === ImageStatus.FAILED) return;
    const queue = image.status === ImageStatus.QUEUED ? GENERATION_QUEUE : UPLOAD_QUEUE;
    await this.doorbell.ring(queue, [image], image.retryAt.getTime() - image.updatedAt.getTime());
  }
}

function unlessLate(error: Error): undefined {
  if (!(error instanceof LateWorkerError)) throw error;
}
