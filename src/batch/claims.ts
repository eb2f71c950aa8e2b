import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../database/transaction.js';
import { Heartbeat } from '../queue/heartbeat.js';
import { GENERATION_QUEUE, QueueName } from '../queue/queue-names.js';
import { HeldImages } from './held-images.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';
import { Ledger } from './ledger.js';
import { ImageChange, LateWorkerError } from './open-batch.js';
import { isLastTry } from './setbacks.js';

/** What a claim writes into the image it takes. */
export type ClaimTerms = (image: Image) => ImageChange;

/** An image that could be claimed. */
export type DueImage = Pick<Image, 'id' | 'batchId' | 'attempt'>;

/** Which of the due images to take, and on which terms; null when nothing is due, or nothing has room for it. */
export type ChooseDue = (tx: EntityManager, due: DueQuery) => Promise<{ due: DueImage; terms: ClaimTerms } | null>;

const MOVED_ON = 'moved on';

/** How many batches are looked at when the first cannot be served. */
const BATCHES_AT_MOST = 50;

/** Advisory lock classes: one claim at a time for each stage over all processes, so that nobody asks twice and free slots are counted truly. */
const CLAIM_LOCK = { generation: 7_201_001, upload: 7_201_002 };

/** The due images of one stage, in fair order. */
export class DueQuery {
  constructor(
    private readonly tx: EntityManager,
    private readonly waiting: ImageStatus,
  ) {}

  /** The one whose turn it is. */
  async first(): Promise<DueImage | null> {
    const [due]: DueImage[] = await this.tx.query(
      `SELECT id, batch_id AS "batchId", attempt FROM image WHERE status = $1 AND retry_at <= clock_timestamp() ORDER BY turn, id LIMIT 1`,
      [this.waiting],
    );
    return due ?? null;
  }

  /** The first of each batch: what one image of a batch needs, all of them need. */
  ofEachBatch(): Promise<DueImage[]> {
    return this.tx.query(
      `SELECT id, batch_id AS "batchId", attempt FROM (
         SELECT DISTINCT ON (batch_id) id, batch_id, attempt, turn FROM image
         WHERE status = $1 AND retry_at <= clock_timestamp() ORDER BY batch_id, turn, id) AS first
       ORDER BY turn, id LIMIT $2`,
      [this.waiting, BATCHES_AT_MOST],
    );
  }
}

/** Decides which image is worked on next: the job that rang has no say in it. */
@Injectable()
export class Claims {
  /** Who waits for the claim lock holds a connection; so only one of this process does, for each stage. */
  private readonly newest: Record<QueueName, Promise<unknown>> = { generation: Promise.resolve(), upload: Promise.resolve() };

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly ledger: Ledger,
    private readonly heartbeat: Heartbeat,
    private readonly held: HeldImages,
  ) {}

  /**
   * Claims the image that `choose` picks among the due ones, under the claim lock; null when it picks none. The caller holds it at once (`HeldImages`).
   * One on its last try is worked on alone, so that the next death shows whether it was the cause: until then this process takes nothing else.
   */
  next(stage: QueueName, choose: ChooseDue): Promise<Image | null> {
    const claim = this.newest[stage].then(() => this.claimNext(stage, choose));
    const nothing = () => this.held.giveUp(stage);
    this.newest[stage] = claim.then((claimed) => claimed ?? nothing(), nothing);
    return claim;
  }

  private async claimNext(stage: QueueName, choose: ChooseDue): Promise<Image | null> {
    for (;;) {
      const claimed = await inTransaction(this.dataSource, `claim ${stage}`, (tx) => this.take(tx, stage, choose)).catch(unlessLate);
      if (claimed === MOVED_ON) continue;
      if (claimed) this.ledger.announce(claimed.batchId);
      return claimed;
    }
  }

  private async take(tx: EntityManager, stage: QueueName, choose: ChooseDue): Promise<Image | null> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [CLAIM_LOCK[stage]]);
    const waiting = stage === GENERATION_QUEUE ? ImageStatus.QUEUED : ImageStatus.GENERATED;
    const chosen = await choose(tx, new DueQuery(tx, waiting));
    return chosen && this.claim(tx, stage, chosen.due, waiting, chosen.terms);
  }

  private claim(tx: EntityManager, stage: QueueName, due: DueImage, waiting: ImageStatus, terms: ClaimTerms): Promise<Image | null> {
    return this.ledger.changeWithin(tx, due.batchId, async (open) => {
      const held = await open.held(due.id, due.attempt, waiting);
      if (!this.held.makeRoom(stage, held.id, isLastTry(held))) return null;
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
