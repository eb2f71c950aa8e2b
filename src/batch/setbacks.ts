import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ImageError, Stage } from './image-error.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';
import { OpenBatch } from './open-batch.js';

const LOST_CLAIMS_AT_MOST = 5;

/** Whether one more death of its worker ends this image: it is worked on alone then, so that it cannot be another's fault. */
export function isLastTry({ lostClaims }: Image): boolean {
  return lostClaims === LOST_CLAIMS_AT_MOST - 1;
}

/** What becomes of an image whose stage did not come to its end: another try later, or FAILED. */
@Injectable()
export class Setbacks {
  constructor(private readonly config: Config) {}

  /** A failure that may pass: tried again with growing pauses until RETRY_FOR has gone by since the first, then FAILED. */
  async retryLater(open: OpenBatch, image: Image, error: Pick<ImageError, 'code' | 'message'>): Promise<void> {
    const failingSince = image.failingSince ?? open.now;
    const failingFor = open.now.getTime() - failingSince.getTime();
    const story = { ...error, stage: stageOf(image), retryable: true };
    if (failingFor >= this.config.RETRY_FOR) return this.fail(open, image, story);
    const retryAt = new Date(open.now.getTime() + retryDelay(failingFor));
    await open.move(image, putBackOf(image), { owner: null, failingSince, retryAt, lostClaims: 0 }, story);
  }

  /** Its worker died or lost it: taken up again at once, unless that has happened too often to be chance. */
  async takeBack(open: OpenBatch, image: Image): Promise<void> {
    const lostClaims = image.lostClaims + 1;
    if (!isLastTry(image)) return open.move(image, putBackOf(image), { owner: null, retryAt: open.now, lostClaims });
    const message = `Its worker died ${lostClaims} times in a row while working on it, the last time on nothing else.`;
    await this.fail(open, image, { stage: stageOf(image), code: 'WORKER_LOST', message, retryable: true });
  }

  /** A worker that shuts down hands it back; that is nobody's failure. */
  handBack(open: OpenBatch, image: Image): Promise<void> {
    return open.move(image, putBackOf(image), { owner: null, retryAt: open.now });
  }

  fail(open: OpenBatch, image: Image, error: ImageError): Promise<void> {
    return open.move(image, 'fail', { owner: null, error }, error);
  }
}

/** Milliseconds until the next try of a stage that has been failing for so long: doubles from 0.5 s to 30 s, with jitter of half. */
export function retryDelay(failingFor: number, random = Math.random): number {
  const pause = Math.min(30_000, Math.max(500, failingFor));
  return pause * (0.5 + random() / 2);
}

function stageOf({ status }: Image): Stage {
  return status === ImageStatus.UPLOADING ? Stage.UPLOAD : Stage.GENERATION;
}

function putBackOf({ status }: Image): 'putBackUpload' | 'putBackGeneration' {
  return status === ImageStatus.UPLOADING ? 'putBackUpload' : 'putBackGeneration';
}
