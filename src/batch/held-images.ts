import { Injectable } from '@nestjs/common';

/** The images that this process is working on just now. A row that names us as owner and is not among them was dropped on the way. */
@Injectable()
export class HeldImages {
  private readonly ids = new Set<string>();

  /** Runs `work` while the image counts as held. */
  async during<T>(imageId: string, work: () => Promise<T>): Promise<T> {
    this.ids.add(imageId);
    try {
      return await work();
    } finally {
      this.ids.delete(imageId);
    }
  }

  list(): string[] {
    return [...this.ids];
  }
}
