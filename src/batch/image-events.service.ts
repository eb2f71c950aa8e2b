import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, MoreThan } from 'typeorm';
import { Bell } from '../database/bell.js';
import { patiently } from '../database/patiently.js';
import { WakeUps } from '../database/wake-ups.js';
import { hasEnded } from './batch-status.js';
import { Batch } from './batch.entity.js';
import { ImageEvent } from './image-event.entity.js';
import { eventsTopic } from './ledger.js';

const PAGE = 100;
/** A wake-up may be lost; the rows are read again after so long without one. Milliseconds. */
const REREAD_EVERY = 5_000;

/** The story of a batch: stored events, and those to come. */
@Injectable()
export class ImageEventsService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly wakeUps: WakeUps,
  ) {}

  ofBatch(batchId: string, after: number, first: number): Promise<ImageEvent[]> {
    return this.dataSource.manager.find(ImageEvent, { where: { batchId, number: MoreThan(after) }, order: { number: 'ASC' }, take: first });
  }

  /**
   * Every event of the batch behind number `after`, each once, in order: what is stored, page by page as the reader takes it, then live.
   * Ends once the batch has ended and its newest event was given, or when `signal` aborts.
   */
  async *follow(batchId: string, after: number, signal: AbortSignal): AsyncGenerator<ImageEvent> {
    const bell = new Bell(signal);
    const silence = this.wakeUps.listen(eventsTopic(batchId), () => bell.ring());
    let last = after;
    let mayBeOver = true;
    try {
      while (!signal.aborted) {
        const events = await patiently(() => this.ofBatch(batchId, last, PAGE), signal);
        yield* events;
        const newest = events.at(-1);
        if (newest) [last, mayBeOver] = [newest.number, hasEnded(newest.batchStatus)];
        if (events.length === PAGE) continue;
        if (mayBeOver && (await patiently(() => this.isOver(batchId, last), signal))) return;
        await bell.heard(REREAD_EVERY);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      silence();
    }
  }

  /** Whether the batch has ended with event `last`: one that a retry has reopened goes on behind it. */
  private async isOver(batchId: string, last: number): Promise<boolean> {
    const { status, lastEvent } = await this.dataSource.manager.findOneByOrFail(Batch, { id: batchId });
    return lastEvent === last && hasEnded(status);
  }
}
