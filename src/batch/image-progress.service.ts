import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Bell } from '../database/bell.js';
import { WakeUps } from '../database/wake-ups.js';
import { hasEnded } from './batch-status.js';
import { Batch } from './batch.entity.js';
import { Stage } from './image-error.js';
import { ImageProgress } from './image-progress.js';
import { Image } from './image.entity.js';
import { eventsTopic } from './ledger.js';

const AT_MOST_EVERY = 250;
const REREAD_EVERY = 5_000;

/** Passing progress between processes: sent along with wake-ups, kept nowhere. */
@Injectable()
export class ImageProgressService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly wakeUps: WakeUps,
  ) {}

  /** A function that tells followers of the batch how far the image is, at most four times a second. It never waits. */
  reporter(image: Image, stage: Stage): (fraction: number) => void {
    let last = 0;
    return (fraction) => {
      const now = Date.now();
      if (now - last < AT_MOST_EVERY) return;
      last = now;
      const progress: ImageProgress = { imageId: image.id, position: image.position, stage, fraction, preview: null };
      this.wakeUps.ring(progressTopic(image.batchId), JSON.stringify(progress), image.id);
    };
  }

  /** The newest progress of each image of the batch, as it comes, until the batch has ended or `signal` aborts. */
  async *follow(batchId: string, signal: AbortSignal): AsyncGenerator<ImageProgress> {
    const bell = new Bell(signal);
    const newest = new Map<string, ImageProgress>();
    const silence = [
      this.wakeUps.listen(progressTopic(batchId), (note) => keepNewest(newest, note, bell)),
      this.wakeUps.listen(eventsTopic(batchId), () => bell.ring()),
    ];
    try {
      while (!signal.aborted && !(await this.isOver(batchId))) {
        await bell.heard(REREAD_EVERY);
        for (const [id, progress] of newest) {
          newest.delete(id);
          yield progress;
        }
      }
    } finally {
      for (const end of silence) end();
    }
  }

  private async isOver(batchId: string): Promise<boolean> {
    const { status } = await this.dataSource.manager.findOneByOrFail(Batch, { id: batchId });
    return hasEnded(status);
  }
}

function progressTopic(batchId: string): string {
  return `progress:${batchId}`;
}

/** A wake-up without a note tells only that the connection was lost for a while. */
function keepNewest(newest: Map<string, ImageProgress>, note: string, bell: Bell): void {
  if (note === '') return;
  const progress = JSON.parse(note) as ImageProgress;
  newest.set(progress.imageId, progress);
  bell.ring();
}
