import { Injectable } from '@nestjs/common';

/** The images that this process is working on just now. A row that names us as owner and is not among them was dropped on the way. */
@Injectable()
export class HeldImages {
  /** One entry for each claim: two may concern the same image for a moment, when a late worker has not noticed yet that it is late. */
  private readonly claims = new Set<{ imageId: string }>();

  /** Runs `work` while the image counts as held. */
  async during<T>(imageId: string, work: () => Promise<T>): Promise<T> {
    const claim = { imageId };
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
}
