import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, EntityManager } from 'typeorm';
import { isUuid } from '../api/page.js';
import { NotFoundError } from '../api/errors.js';
import { inTransaction } from '../database/transaction.js';
import { DurableStep } from '../durable/durable-steps.js';
import { WakeUps } from '../database/wake-ups.js';
import { Batch } from './batch.entity.js';
import { OpenBatch } from './open-batch.js';

/** The topic on which a batch's new events are announced. */
export function eventsTopic(batchId: string): string {
  return `events:${batchId}`;
}

/** The one door to a change of images: a transaction that holds the batch's lock, then a wake-up for whoever follows it. */
@Injectable()
export class Ledger {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly wakeUps: WakeUps,
  ) {}

  /** Runs `work` under the batch's lock, all or nothing, as one durable step, and announces what it changed. Throws NotFoundError for an unknown batch. */
  async change<T>(batchId: string, step: DurableStep, work: (open: OpenBatch) => Promise<T>): Promise<T> {
    const result = await inTransaction(this.dataSource, step, (tx) => this.changeWithin(tx, batchId, work));
    this.announce(batchId);
    return result;
  }

  /** The same within the caller's transaction, who announces the batch after the commit. */
  async changeWithin<T>(tx: EntityManager, batchId: string, work: (open: OpenBatch) => Promise<T>): Promise<T> {
    const open = isUuid(batchId) && (await lock(tx, batchId));
    if (!open) throw new NotFoundError('Batch');
    const result = await work(open);
    await open.close();
    return result;
  }

  /** Wakes everybody who follows the batch; called after the commit, for a NOTIFY inside costs two thirds of the commits. */
  announce(batchId: string): void {
    this.wakeUps.ring(eventsTopic(batchId));
  }
}

async function lock(tx: EntityManager, id: string): Promise<OpenBatch | null> {
  const query = tx.createQueryBuilder(Batch, 'batch').where({ id }).setLock('for_no_key_update').addSelect('clock_timestamp()', 'now');
  const { entities, raw } = await query.getRawAndEntities<{ now: Date }>();
  return entities.length === 0 ? null : new OpenBatch(tx, entities[0], raw[0].now);
}
