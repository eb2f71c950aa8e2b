import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { EntityManager } from 'typeorm';
import { Claims, NO_ROOM } from '../batch/claims.js';
import { Image } from '../batch/image.entity.js';
import { Config } from '../config/config.js';
import { GENERATION_QUEUE } from '../queue/queue-names.js';
import { GenerationRequest, ImageGenerator } from './image-generator.js';

export interface GenerationClaim {
  image: Image;
  /** Where this attempt will be sent, and under which id: both are in the image's row already. */
  backend: string;
  promptId: string;
  /** The attempt before, which may have left a picture on its backend. */
  earlier: GenerationRequest['earlier'];
}

/** Takes the next image together with a free slot of the least busy backend. */
@Injectable()
export class GenerationClaims {
  constructor(
    private readonly claims: Claims,
    private readonly generator: ImageGenerator,
    private readonly config: Config,
  ) {}

  /** QUEUED → GENERATING; null when nothing is due, NO_ROOM when every healthy backend has its slots full. */
  async next(): Promise<GenerationClaim | typeof NO_ROOM | null> {
    const promptId = randomUUID();
    let backend = null as string | null;
    let earlier = null as GenerationClaim['earlier'];
    const image = await this.claims.next(GENERATION_QUEUE, async (tx) => {
      backend = await this.freeBackend(tx);
      return backend === null
        ? null
        : (due) => {
            earlier = due.backend && due.promptId ? { backend: due.backend, promptId: due.promptId } : null;
            return { backend, promptId, generationAttempts: due.generationAttempts + 1 };
          };
    });
    if (!(image instanceof Image)) return image;
    return backend === null ? NO_ROOM : { image, backend, promptId, earlier };
  }

  private async freeBackend(tx: EntityManager): Promise<string | null> {
    const inFlight: { backend: string; count: number }[] = await tx.query(
      `SELECT backend, count(*)::integer AS count FROM image WHERE status = 'GENERATING' GROUP BY backend`,
    );
    const load = (name: string) => inFlight.find(({ backend }) => backend === name)?.count ?? 0;
    const free = this.generator.backends().filter(({ name, healthy }) => healthy && load(name) < this.config.GENERATOR_SLOTS);
    return free.toSorted((a, b) => load(a.name) - load(b.name)).at(0)?.name ?? null;
  }
}
