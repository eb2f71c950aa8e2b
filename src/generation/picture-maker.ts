import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Batch } from '../batch/batch.entity.js';
import { Stage } from '../batch/image-error.js';
import { ImageProgressService } from '../batch/image-progress.service.js';
import { Image } from '../batch/image.entity.js';
import { eventsTopic } from '../batch/ledger.js';
import { LateWorkerError } from '../batch/open-batch.js';
import { Config } from '../config/config.js';
import { WakeUps } from '../database/wake-ups.js';
import { GenerationClaim } from './generation-claims.js';
import { GenerationRequest, ImageGenerator } from './image-generator.js';

/** The backend did not finish within GENERATION_TIMEOUT. */
export class GenerationTimeoutError extends Error {
  constructor(timeout: number) {
    super(`The picture was not finished within ${timeout / 1_000} s.`);
    this.name = 'GenerationTimeoutError';
  }
}

/** Has the generator make one claimed picture, and stops it when that has become pointless. */
@Injectable()
export class PictureMaker {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly generator: ImageGenerator,
    private readonly progress: ImageProgressService,
    private readonly wakeUps: WakeUps,
    private readonly config: Config,
  ) {}

  /** The picture's bytes. Rejects with the generator's error, GenerationTimeoutError, LateWorkerError after a cancel, or the reason of `signal`. */
  async make(claim: GenerationClaim, signal: AbortSignal): Promise<Buffer> {
    const { image } = claim;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(new GenerationTimeoutError(this.config.GENERATION_TIMEOUT)), this.config.GENERATION_TIMEOUT);
    const silence = this.wakeUps.listen(eventsTopic(image.batchId), () => void this.stopIfMovedOn(image, stop));
    const reporter = this.progress.reporter(image, Stage.GENERATION);
    try {
      const request = await this.requestFor(claim);
      const picture = await this.generator.generate(request, AbortSignal.any([signal, stop.signal]), (step) => reporter.report(step));
      return picture.bytes;
    } finally {
      clearTimeout(timer);
      silence();
      reporter.end();
    }
  }

  private async requestFor({ image, ...sent }: GenerationClaim): Promise<GenerationRequest> {
    const batch = await this.dataSource.manager.findOneByOrFail(Batch, { id: image.batchId });
    const { workflow, negativePrompt, width, height, steps, cfg, parameters } = batch;
    return {
      ...sent,
      ...{ imageId: image.id, attempt: image.attempt, seed: image.seed },
      ...{ workflow, prompt: batch.effectivePrompt, negativePrompt, width, height, steps, cfg, parameters },
    };
  }

  private async stopIfMovedOn({ id, attempt }: Image, stop: AbortController): Promise<void> {
    const held = await this.dataSource.manager.existsBy(Image, { id, attempt }).catch(() => true);
    if (!held) stop.abort(new LateWorkerError(id));
  }
}
