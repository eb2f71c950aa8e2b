import { Logger } from '@nestjs/common';
import PQueue from 'p-queue';
import { StorageBusyError } from '../../asset-storage.js';

/** How long nothing is begun after Cloudinary asked to slow down: doubles while it goes on asking. Milliseconds. */
const PAUSE = { first: 1_000, longest: 60_000 };

/** How many requests may run at once. Halved, after a pause, when Cloudinary asks to slow down; one more after as many successes as run at once. */
export class Pace {
  private readonly logger = new Logger('Cloudinary');
  private readonly queue: PQueue;
  private slowdowns = 0;
  private successes = 0;
  private pause = PAUSE.first;

  constructor(private readonly most: number) {
    this.queue = new PQueue({ concurrency: most });
  }

  /** How many may run at once now. */
  get atOnce(): number {
    return this.queue.concurrency;
  }

  /** Does `work` when its turn has come. Rejects with the signal's reason when that comes first. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    // A signal of its own: the queue listens to it once for each, and one signal may stand for many.
    return this.queue.add(() => this.observe(work), { signal: AbortSignal.any([signal]) });
  }

  private async observe<T>(work: () => Promise<T>): Promise<T> {
    const { slowdowns } = this;
    try {
      const result = await work();
      this.speedUp();
      return result;
    } catch (error) {
      // All that ran when it asked will hear the same; that is one request to slow down, not many.
      if (error instanceof StorageBusyError && slowdowns === this.slowdowns) this.slowDown();
      throw error;
    }
  }

  private slowDown(): void {
    this.slowdowns += 1;
    this.successes = 0;
    this.queue.concurrency = Math.max(1, Math.floor(this.queue.concurrency / 2));
    this.queue.pause();
    const pause = this.pause * (0.5 + Math.random() / 2);
    this.pause = Math.min(this.pause * 2, PAUSE.longest);
    setTimeout(() => this.queue.start(), pause).unref();
    this.logger.warn(`Asked to slow down: ${this.atOnce} requests at a time from now, after ${(pause / 1_000).toFixed(1)} s.`);
  }

  private speedUp(): void {
    this.pause = PAUSE.first;
    this.successes += 1;
    if (this.atOnce === this.most || this.successes < this.atOnce) return;
    this.successes = 0;
    this.queue.concurrency += 1;
  }
}
