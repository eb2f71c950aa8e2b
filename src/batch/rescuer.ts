import { BeforeApplicationShutdown, Injectable, Logger, OnApplicationBootstrap } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { inTime } from '../database/in-time.js';
import { Doorbell, WaitingImage } from '../queue/doorbell.js';
import { DEAD_AFTER, Heartbeat } from '../queue/heartbeat.js';
import { GENERATION_QUEUE, UPLOAD_QUEUE } from '../queue/queue-names.js';
import { HeldImages } from './held-images.js';
import { ImageStatus } from './image-status.js';
import { Ledger } from './ledger.js';
import { LateWorkerError } from './open-batch.js';
import { Setbacks } from './setbacks.js';

/** With `DEAD_AFTER` and a late round, what a dead worker had is free again within nine seconds. Milliseconds. */
const EVERY = 1_500;
/** A round that has not come to its end by then is left to itself, for its query may hang. Milliseconds. */
const ROUND_AT_MOST = 30_000;
/** The same for the last round, when the service is shutting down. Milliseconds. */
const LAST_ROUND_AT_MOST = 3_000;
const AT_ONCE = 100;

interface StrandedImage {
  id: string;
  batchId: string;
  attempt: number;
  status: ImageStatus;
}

/** Takes up what a crash left behind, and rings again for work that waits unheard. Every worker runs one; they do not disturb each other. */
@Injectable()
export class Rescuer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(Rescuer.name);
  private timer?: NodeJS.Timeout;
  private stopped = false;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly setbacks: Setbacks,
    private readonly held: HeldImages,
    private readonly heartbeat: Heartbeat,
    private readonly doorbell: Doorbell,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await inTime(this.running, LAST_ROUND_AT_MOST).catch((error: Error) => this.logger.warn(`The last rescue round: ${error.message}`));
  }

  /** One round: take back from the dead, then ring for everything that is due. */
  async round(): Promise<void> {
    for (const image of await this.stranded()) await this.takeBack(image);
    await this.doorbell.ring(GENERATION_QUEUE, await this.due(ImageStatus.QUEUED));
    await this.doorbell.ring(UPLOAD_QUEUE, await this.due(ImageStatus.GENERATED));
  }

  private schedule(): void {
    const round = () =>
      inTime(this.round(), ROUND_AT_MOST)
        .catch((error: Error) => this.logger.warn(`A rescue round broke off: ${error.message}`))
        .finally(() => this.stopped || this.schedule());
    const start = () => void (this.running = round());
    this.timer = setTimeout(start, EVERY * (0.75 + Math.random() / 2));
  }

  /** Claimed images whose owner is dead, or is this process and knows nothing of them. */
  private async stranded(): Promise<StrandedImage[]> {
    if (!this.heartbeat.canJudge) return [];
    return this.dataSource.query(
      `SELECT image.id, batch_id AS "batchId", attempt, status FROM image LEFT JOIN worker_process ON worker_process.id = owner
       WHERE status IN ('GENERATING', 'UPLOADING') AND updated_at < clock_timestamp() - $1 * interval '1 ms'
         AND (seen_at IS NULL OR seen_at < clock_timestamp() - $1 * interval '1 ms' OR owner = $2 AND image.id <> ALL ($3))
       LIMIT $4`,
      [DEAD_AFTER, this.heartbeat.processId, this.held.list(), AT_ONCE],
    );
  }

  private async takeBack({ id, batchId, attempt, status }: StrandedImage): Promise<void> {
    await this.ledger
      .change(batchId, 'take back', async (open) => {
        const image = await open.held(id, attempt, status);
        this.logger.warn(`${image.story}: taken back from a dead worker`);
        await this.setbacks.takeBack(open, image);
      })
      .catch((error: Error) => {
        if (!(error instanceof LateWorkerError)) throw error;
      });
  }

  private due(status: ImageStatus): Promise<WaitingImage[]> {
    return this.dataSource.query(
      `SELECT id, attempt FROM image WHERE status = $1 AND retry_at <= clock_timestamp() ORDER BY turn, id LIMIT $2`,
      [status, AT_ONCE],
    );
  }
}
