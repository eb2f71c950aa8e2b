import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../database/transaction.js';
import { Heartbeat } from '../queue/heartbeat.js';
import { GENERATION_QUEUE, QueueName } from '../queue/queue-names.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';
import { Ledger } from './ledger.js';
import { ImageChange, LateWorkerError } from './open-batch.js';

/** What a claim writes into the image it takes. */
export type ClaimTerms = (image: Image) => ImageChange;

type DueRow = Pick<Image, 'id' | 'batchId' | 'attempt'>;
type AskTerms = (tx: EntityManager) => Promise<ClaimTerms | null>;

/** Work is due, but nothing has room for it just now. */
export const NO_ROOM = 'no room';

const MOVED_ON = 'moved on';

/** Advisory lock classes: one claim at a time for each stage over all processes, so that nobody asks twice and free slots are counted truly. */
const CLAIM_LOCK = { generation: 7_201_001, upload: 7_201_002 };

/** Decides which image is worked on next: the job that rang has no say in it. */
@Injectable()
export class Claims {
  /** Who waits for the claim lock holds a connection; so only one of this process does, for each stage. */
  private readonly newest: Record<QueueName, Promise<unknown>> = { generation: Promise.resolve(), upload: Promise.resolve() };

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly heartbeat: Heartbeat,
  ) {}

  /**
   * Claims the next due image of a stage in fair order; null when nothing is due.
   * `terms` is asked under the claim lock what to write into it; when it answers null the image stays and the answer is NO_ROOM.
   */
  next(stage: QueueName, terms: AskTerms): Promise<Image | typeof NO_ROOM | null> {
    const claim = this.newest[stage].then(() => this.claimNext(stage, terms));
    this.newest[stage] = claim.catch(() => undefined);
    return claim;
  }

  private async claimNext(stage: QueueName, terms: AskTerms): Promise<Image | typeof NO_ROOM | null> {
    for (;;) {
      const claimed = await inTransaction(this.dataSource, (tx) => this.take(tx, stage, terms)).catch(unlessLate);
      if (claimed === MOVED_ON) continue;
      if (claimed instanceof Image) this.ledger.announce(claimed.batchId);
      return claimed;
    }
  }

  private async take(tx: EntityManager, stage: QueueName, askTerms: AskTerms): Promise<Image | typeof NO_ROOM | null> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [CLAIM_LOCK[stage]]);
    const waiting = stage === GENERATION_QUEUE ? ImageStatus.QUEUED : ImageStatus.GENERATED;
    const [due]: DueRow[] = await tx.query(
      `SELECT id, batch_id AS "batchId", attempt FROM image WHERE status = $1 AND retry_at <= clock_timestamp() ORDER BY turn, id LIMIT 1`,
      [waiting],
    );
    if (!due) return null;
    const terms = await askTerms(tx);
    return terms ? this.claim(tx, stage, due, waiting, terms) : NO_ROOM;
  }

  private async claim(tx: EntityManager, stage: QueueName, due: DueRow, waiting: ImageStatus, terms: ClaimTerms): Promise<Image> {
    return this.ledger.changeWithin(tx, due.batchId, async (open) => {
      const held = await open.held(due.id, due.attempt, waiting);
      const transition = stage === GENERATION_QUEUE ? 'claimGeneration' : 'claimUpload';
      await open.move(held, transition, { ...terms(held), owner: this.heartbeat.processId });
      return held;
    });
  }
}

function unlessLate(error: Error): typeof MOVED_ON {
  if (error instanceof LateWorkerError) return MOVED_ON;
  throw error;
}
