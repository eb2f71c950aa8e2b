import { Injectable } from '@nestjs/common';
import { EntityManager, In } from 'typeorm';
import { Batch } from '../batch/batch.entity.js';
import { DueImage, DueQuery } from '../batch/claims.js';
import { Config } from '../config/config.js';
import { GenerationRejectedError, ImageGenerator } from './image-generator.js';

/** A due image, and the backend that has room for it. */
export interface Placement {
  due: DueImage;
  backend: string;
}

/** No backend will ever make this image as it is asked for. */
export class UnplaceableImageError extends Error {
  constructor(
    readonly due: DueImage,
    readonly rejection: GenerationRejectedError,
  ) {
    super(rejection.message);
    this.name = 'UnplaceableImageError';
  }
}

/** Finds the next image that can be worked on now, and where. */
@Injectable()
export class FreeSlots {
  constructor(
    private readonly generator: ImageGenerator,
    private readonly config: Config,
  ) {}

  /**
   * In fair order; an image that has to wait for a backend of its own lets others pass. To be called under the claim lock, which keeps the
   * counts true. Throws UnplaceableImageError.
   */
  async place(tx: EntityManager, query: DueQuery): Promise<Placement | null> {
    const free = await this.free(tx);
    const first = await query.first();
    if (!first || free.length === 0) return null;
    return (await this.placeAny(tx, [first], free)) ?? this.placeAny(tx, await query.ofEachBatch(), free);
  }

  /** Healthy backends with a free slot, the least busy first. */
  private async free(tx: EntityManager): Promise<string[]> {
    const inFlight: { backend: string; count: number }[] = await tx.query(
      `SELECT backend, count(*)::integer AS count FROM image WHERE status = 'GENERATING' GROUP BY backend`,
    );
    const load = (name: string) => inFlight.find(({ backend }) => backend === name)?.count ?? 0;
    const healthy = this.generator.backends().filter((backend) => backend.healthy && load(backend.name) < this.config.GENERATOR_SLOTS);
    return healthy.map(({ name }) => name).toSorted((a, b) => load(a) - load(b));
  }

  private async placeAny(tx: EntityManager, dues: DueImage[], free: string[]): Promise<Placement | null> {
    const batches = await tx.findBy(Batch, { id: In(dues.map(({ batchId }) => batchId)) });
    for (const due of dues) {
      const batch = batches.find(({ id }) => id === due.batchId);
      const placement = batch && this.placeOne(due, batch, free);
      if (placement) return placement;
    }
    return null;
  }

  private placeOne(due: DueImage, batch: Batch, free: string[]): Placement | null {
    try {
      const able = this.generator.ableTo({ ...batch, prompt: batch.effectivePrompt });
      const backend = free.find((name) => able.includes(name));
      return backend === undefined ? null : { due, backend };
    } catch (error) {
      if (error instanceof GenerationRejectedError) throw new UnplaceableImageError(due, error);
      throw error;
    }
  }
}
