import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Bell } from '../database/bell.js';
import { patiently } from '../database/patiently.js';
import { WakeUps } from '../database/wake-ups.js';
import { hasEnded } from './batch-status.js';
import { Batch } from './batch.entity.js';
import { Stage } from './image-error.js';
import { ImageProgress } from './image-progress.js';
import { Image } from './image.entity.js';
import { eventsTopic } from './ledger.js';
import { PreviewsService } from './previews.service.js';
import { ProgressReporter, progressTopic } from './progress-reporter.js';

const REREAD_EVERY = 5_000;

/** Passing progress between processes: sent along with wake-ups, kept nowhere. */
@Injectable()
export class ImageProgressService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly wakeUps: WakeUps,
    private readonly previews: PreviewsService,
  ) {}

  /** What a stage reports an image's progress to, until it calls `end()`. */
  reporter(image: Image, stage: Stage): ProgressReporter {
    return new ProgressReporter(image, stage, this.wakeUps, this.previews);
  }

  /** The newest progress of each image of the batch, as it comes, until the batch has ended or `signal` aborts. */
  async *follow(batchId: string, withPreviews: boolean, signal: AbortSignal): AsyncGenerator<ImageProgress> {
    const bell = new Bell(signal);
    const newest = new Map<string, ImageProgress>();
    const silence = [
      this.wakeUps.listen(progressTopic(batchId), (note) => keepNewest(newest, note, bell)),
      this.wakeUps.listen(eventsTopic(batchId), () => bell.ring()),
      ...(withPreviews ? [this.previews.watch(batchId)] : []),
    ];
    try {
      while (!signal.aborted && !(await patiently(() => this.isOver(batchId), signal))) {
        await bell.heard(REREAD_EVERY);
        for (const [id, progress] of newest) {
          newest.delete(id);
          yield withPreviews ? { ...progress, preview: await this.previews.read(id) } : progress;
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      for (const end of silence) end();
    }
  }

  private async isOver(batchId: string): Promise<boolean> {
    const { status } = await this.dataSource.manager.findOneByOrFail(Batch, { id: batchId });
    return hasEnded(status);
  }
}

/** A wake-up without a note tells only that the connection was lost for a while. */
function keepNewest(newest: Map<string, ImageProgress>, note: string, bell: Bell): void {
  if (note === '') return;
  const progress = JSON.parse(note) as ImageProgress;
  newest.set(progress.imageId, progress);
  bell.ring();
}
