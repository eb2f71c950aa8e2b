import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { Queue } from 'bullmq';
import { GENERATION_QUEUE, QueueName, UPLOAD_QUEUE } from './queue-names.js';

export interface DueImage {
  id: string;
  attempt: number;
  /** Not to be claimed before. */
  retryAt: Date;
}

/**
 * Tells the workers that there is work. A job carries nothing: what is worked on is decided by the claim, so a bell that is lost,
 * late or rung twice does no harm.
 */
@Injectable()
export class Doorbell {
  private readonly logger = new Logger(Doorbell.name);

  constructor(
    @InjectQueue(GENERATION_QUEUE) private readonly generation: Queue,
    @InjectQueue(UPLOAD_QUEUE) private readonly upload: Queue,
  ) {
    for (const queue of [generation, upload]) queue.on('error', (error) => this.logger.warn(`Queue ${queue.name}: ${error.message}`));
  }

  /** Rings once for each image, at its `retryAt`. Never throws: whatever is not heard now is rung for again by the rescuer. */
  async ring(name: QueueName, images: DueImage[]): Promise<void> {
    if (images.length === 0) return;
    const jobs = images.map(({ id, attempt, retryAt }) => ({
      name: 'work',
      data: {},
      opts: {
        jobId: jobId(name, id, attempt),
        delay: Math.max(0, retryAt.getTime() - Date.now()),
        removeOnComplete: true,
        removeOnFail: true,
      },
    }));
    await this[name].addBulk(jobs).catch((error: Error) => this.logger.warn(`The ${name} bell could not be rung: ${error.message}`));
  }
}

/** Never used twice: each time that an image waits again its attempt is another. */
function jobId(name: QueueName, imageId: string, attempt: number): string {
  return `${imageId}-${name}-${attempt}`;
}
