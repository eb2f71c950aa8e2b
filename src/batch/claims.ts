import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../database/transaction.js';
import { Heartbeat } from '../queue/heartbeat.js';
import { Doorbell } from '../queue/doorbell.js';
import { GENERATION_QUEUE, QueueName } from '../queue/queue-names.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';
import { Ledger } from './ledger.js';
import { ImageChange, LateWorkerError } from './open-batch.js';

/** What a claim writes into the image it takes. */
export type ClaimTerms = (image: Image) => ImageChange;

type DueRow = Pick<Image, 'id' | 'batchId' | 'attempt'>;

/** Advisory lock classes: one claim at a time for each stage over all processes, so that nobody asks twice and free slots are counted truly. */
const CLAIM_LOCK = { generation: 7_201_001, upload: 7_201_002 };

/** Decides which image is worked on next: the job that rang has no say in it. */
@Injectable()
export class Claims {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly heartbeat: Heartbeat,
    private readonly doorbell: Doorbell,
  ) {}

  /**
   * Claims the next due image of a stage in fair order, or null when nothing is due.
   * `terms` is asked first, under the claim lock; when it answers null nothing can be taken just now.
   */
  async next(stage: QueueName, terms: (tx: EntityManager) => Promise<ClaimTerms | null>): Promise<Image | null> {
    for (;;) {
      const claimed = await inTransaction(this.dataSource, (tx) => this.take(tx, stage, terms)).catch(unlessLate);
      if (claimed === 'moved on') continue;
      if (claimed) this.ledger.announce(claimed.batchId);
      return claimed;
    }
  }

  private async take(tx: EntityManager, stage: QueueName, terms: (tx: EntityManager) => Promise<ClaimTerms | null>): Promise<Image | null> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [CLAIM_LOCK[stage]]);
    const agreed = await terms(tx);
    if (!agreed) return null;
    const waiting = stage === GENERATION_QUEUE ? ImageStatus.QUEUED : ImageStatus.GENERATED;
    const [due]: DueRow[] = await tx.query(
      `SELECT id, batch_id AS "batchId", attempt FROM image WHERE status = $1 AND retry_at <= clock_timestamp() ORDER BY turn, id LIMIT 1`,
      [waiting],
    );
    return due ? this.claim(tx, stage, due, waiting, agreed) : null;
  }

  private async claim(tx: EntityManager, stage: QueueName, due: DueRow, waiting: ImageStatus, terms: ClaimTerms): Promise<Image> {
    const image = await this.ledger.changeWithin(tx, due.batchId, async (open) => {
      const held = await open.held(due.id, due.attempt, waiting);
      const transition = stage === GENERATION_QUEUE ? 'claimGeneration' : 'claimUpload';
      await open.move(held, transition, { ...terms(held), owner: this.heartbeat.processId });
      return held;
    });
    void this.doorbell.silence(stage, due);
    return image;
  }
}

function unlessLate(error: Error): 'moved on' {
  if (error instanceof LateWorkerError) return 'moved on';
  throw error;
}
