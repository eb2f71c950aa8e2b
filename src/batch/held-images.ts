import { Injectable } from '@nestjs/common';
import { QueueName } from '../queue/queue-names.js';

/** An image that waits to be alone is asked for again sooner than this. Milliseconds. */
const WAITS_AT_MOST = 5_000;

interface HeldClaim {
  imageId: string;
  /** Nothing else may be worked on beside it. */
  alone: boolean;
}

/** The images that this process is working on just now. A row that names us as owner and is not among them was dropped on the way. */
@Injectable()
export class HeldImages {
  /** One entry for each claim: two may concern the same image for a moment, when a late worker has not noticed yet that it is late. */
  private readonly claims = new Set<HeldClaim>();
  /** The claim that each stage is making: it counts before it is committed, so that the two stages do not pass each other. */
  private readonly coming = new Map<QueueName, HeldClaim>();
  /** Until when nothing new is begun because the next image of a stage has to be alone. */
  private readonly emptying = new Map<QueueName, number>();

  /** Makes room for the claim that `stage` is about to make, `alone` in this process if asked; false when there is none now. */
  makeRoom(stage: QueueName, imageId: string, alone: boolean): boolean {
    this.emptying.delete(stage);
    const others = [...this.claims, ...this.coming.values()].filter((claim) => claim.imageId !== imageId);
    if (alone && others.length > 0) this.emptying.set(stage, Date.now() + WAITS_AT_MOST);
    const isEmptying = [...this.emptying.values()].some((until) => Date.now() < until);
    if (isEmptying || others.some((other) => other.alone)) return false;
    this.coming.set(stage, { imageId, alone });
    return true;
  }

  /** The claim that `stage` was making has come to nothing. */
  giveUp(stage: QueueName): void {
    this.coming.delete(stage);
  }

  /** Runs `work` while the image counts as held. */
  async during<T>(imageId: string, work: () => Promise<T>): Promise<T> {
    const claim = this.arrived(imageId);
    this.claims.add(claim);
    try {
      return await work();
    } finally {
      this.claims.delete(claim);
    }
  }

  list(): string[] {
    return [...this.claims].map(({ imageId }) => imageId);
  }

  private arrived(imageId: string): HeldClaim {
    const [stage, claim] = [...this.coming].find(([, coming]) => coming.imageId === imageId) ?? [];
    if (stage) this.coming.delete(stage);
    return claim ?? { imageId, alone: false };
  }
}
