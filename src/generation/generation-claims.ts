import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { Claims } from '../batch/claims.js';
import { Stage } from '../batch/image-error.js';
import { ImageStatus } from '../batch/image-status.js';
import { Image } from '../batch/image.entity.js';
import { Outcomes } from '../batch/outcomes.js';
import { GENERATION_QUEUE } from '../queue/queue-names.js';
import { FreeSlots, Placement, UnplaceableImageError } from './free-slots.js';
import { GenerationRequest } from './image-generator.js';

export interface GenerationClaim {
  image: Image;
  /** Where this attempt will be sent, and under which id: both are in the image's row already. */
  backend: string;
  promptId: string;
  /** The attempt before, which may have left a picture on its backend. */
  earlier: GenerationRequest['earlier'];
}

/** Takes the next image together with a free slot of the least busy backend that can make it. */
@Injectable()
export class GenerationClaims {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly claims: Claims,
    private readonly slots: FreeSlots,
    private readonly outcomes: Outcomes,
  ) {}

  /** QUEUED → GENERATING; null when nothing is due, or no backend that could make what is due has a free slot. */
  async next(): Promise<GenerationClaim | null> {
    for (;;) {
      try {
        return await this.claim();
      } catch (error) {
        if (!(error instanceof UnplaceableImageError)) throw error;
        await this.fail(error);
      }
    }
  }

  private async claim(): Promise<GenerationClaim | null> {
    const promptId = randomUUID();
    let placement = null as Placement | null;
    let earlier = null as GenerationClaim['earlier'];
    const image = await this.claims.next(GENERATION_QUEUE, async (tx, query) => {
      placement = await this.slots.place(tx, query);
      if (!placement) return null;
      const { due, backend } = placement;
      const terms = (taken: Image) => {
        earlier = taken.backend && taken.promptId ? { backend: taken.backend, promptId: taken.promptId } : null;
        return { backend, promptId, generationAttempts: taken.generationAttempts + 1 };
      };
      return { due, terms };
    });
    return image && placement && { image, backend: placement.backend, promptId, earlier };
  }

  /** It ends here instead of waiting for ever. */
  private async fail({ due: { id, attempt }, rejection: { code, message } }: UnplaceableImageError): Promise<void> {
    const image = await this.dataSource.manager.findOneBy(Image, { id, attempt, status: ImageStatus.QUEUED });
    if (image) await this.outcomes.fail(image, { stage: Stage.GENERATION, code, message, retryable: false });
  }
}
