import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import { Queue } from 'bullmq';
import { inTime, NoAnswerError } from '../database/in-time.js';
import { durable } from '../durable/durable-steps.js';
import { GENERATION_QUEUE, QueueName, UPLOAD_QUEUE } from './queue-names.js';
import { SeldomWarnings } from './seldom-warnings.js';

/** A queue that has not answered for so long is away. Milliseconds. */
const PATIENCE = 2_000;

export interface WaitingImage {
  id: string;
  attempt: number;
}

/**
 * Tells the workers that there is work. A job carries nothing: what is worked on is decided by the claim, so a bell that is lost,
 * late or rung twice does no harm, and nobody waits for a queue that is away.
 */
@Injectable()
export class Doorbell {
  private readonly warnings = new SeldomWarnings(new Logger(Doorbell.name));
  /** Queues that still owe an answer: they are asked nothing more, so that nothing piles up. */
  private readonly away = new Set<QueueName>();

  constructor(
    @InjectQueue(GENERATION_QUEUE) private readonly generation: Queue,
    @InjectQueue(UPLOAD_QUEUE) private readonly upload: Queue,
  ) {
    for (const queue of [generation, upload]) queue.on('error', (error) => this.warnings.warn(`Queue ${queue.name}: ${error.message}`));
  }

  /** Rings once for each image, after `delay` milliseconds. Never throws: whatever is not heard is rung for again by the rescuer. */
  async ring(name: QueueName, images: WaitingImage[], delay = 0): Promise<void> {
    if (images.length === 0 || this.away.has(name)) return;
    const jobs = images.map((image) => ({
      name: 'work',
      data: {},
      opts: { jobId: jobId(name, image, delay), delay, removeOnComplete: true, removeOnFail: true },
    }));
    await this.answerOf(
      name,
      durable(`ring ${name}`, () => this[name].addBulk(jobs)),
    ).catch((error: Error) => {
      this.warnings.warn(`The ${name} bell could not be rung: ${error.message}`);
    });
  }

  /** Whether a ring waits to be heard; null when the queue is away. */
  async isRinging(name: QueueName): Promise<boolean | null> {
    if (this.away.has(name)) return null;
    return this.answerOf(name, this[name].getWaitingCount()).then(
      (waiting) => waiting > 0,
      () => null,
    );
  }

  private async answerOf<T>(name: QueueName, asked: Promise<T>): Promise<T> {
    try {
      return await inTime(asked, PATIENCE);
    } catch (error) {
      if (error instanceof NoAnswerError) {
        this.away.add(name);
        const back = () => void this.away.delete(name);
        void asked.then(back, back);
      }
      throw error;
    }
  }
}

/**
 * Each time that an image waits again its attempt is another. A bell for later goes by the clock of whoever rings it, which may be wrong: it has
 * an id of its own, so that it does not keep the rescuer's from being heard.
 */
function jobId(name: QueueName, { id, attempt }: WaitingImage, delay: number): string {
  return `${id}-${name}-${attempt}${delay > 0 ? '-later' : ''}`;
}
