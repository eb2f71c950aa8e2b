import { Injectable, Logger } from '@nestjs/common';
import { HeldImages } from '../batch/held-images.js';
import { Stage } from '../batch/image-error.js';
import { Image } from '../batch/image.entity.js';
import { LateWorkerError } from '../batch/open-batch.js';
import { Outcomes } from '../batch/outcomes.js';
import { Shift } from '../queue/shift.js';
import { StagingService } from '../upload/staging.service.js';
import { GenerationClaim, GenerationClaims } from './generation-claims.js';
import { GenerationRejectedError } from './image-generator.js';
import { GenerationTimeoutError, PictureMaker } from './picture-maker.js';

/** The first stage: QUEUED → GENERATING → bytes handed to staging, which makes it GENERATED and rings for the upload. */
@Injectable()
export class GenerationWorker {
  private readonly logger = new Logger(GenerationWorker.name);

  constructor(
    private readonly claims: GenerationClaims,
    private readonly maker: PictureMaker,
    private readonly staging: StagingService,
    private readonly outcomes: Outcomes,
    private readonly held: HeldImages,
    private readonly shift: Shift,
  ) {}

  /** Works on the next image that is due; false when none is, or no backend that could make it has a free slot. */
  async generateNext(): Promise<boolean> {
    if (this.shift.isEnding) return false;
    const claim = await this.claims.next();
    if (!claim) return false;
    await this.held.during(claim.image.id, () => this.generate(claim));
    return true;
  }

  private async generate(claim: GenerationClaim): Promise<void> {
    const { image } = claim;
    this.logger.log(`${image.story}: generating on ${image.backend}`);
    try {
      const bytes = await this.maker.make(claim, this.shift.over);
      await this.staging.accept(image, bytes);
    } catch (error) {
      await this.setBack(image, error as Error);
    }
  }

  private async setBack(image: Image, error: Error): Promise<void> {
    if (error instanceof LateWorkerError) return this.logger.debug(error.message);
    if (error instanceof GenerationRejectedError) {
      return this.outcomes.fail(image, { stage: Stage.GENERATION, code: error.code, message: error.message, retryable: false });
    }
    const story =
      error instanceof GenerationTimeoutError
        ? { code: 'GENERATION_TIMEOUT', message: error.message }
        : { code: 'GENERATOR_UNAVAILABLE', message: 'The generator did not deliver the picture.' };
    await this.outcomes.retryLater(image, story, error);
  }
}
