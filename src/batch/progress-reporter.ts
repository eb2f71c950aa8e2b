import { WakeUps } from '../database/wake-ups.js';
import { Stage } from './image-error.js';
import { ImageProgress } from './image-progress.js';
import { Image } from './image.entity.js';
import { PreviewsService } from './previews.service.js';

const AT_MOST_EVERY = 250;
const PREVIEW_STAYS = 5_000;

/** The topic on which a batch's passing progress is told. */
export function progressTopic(batchId: string): string {
  return `progress:${batchId}`;
}

/** What a stage tells while it works on one image. */
export interface StageProgress {
  /** 0…1 within the stage. */
  fraction: number;
  preview?: { bytes: Buffer; contentType: string };
}

/** Tells followers how far one image is, at most four times a second. It never waits for them and never throws. */
export class ProgressReporter {
  private readonly watchers: ReturnType<PreviewsService['listenForWatchers']>;
  private lastToldAt = 0;
  /** The preview being written, and whether there ever was one. */
  private keeping: Promise<void> | null = null;
  private hasPreview = false;

  constructor(
    private readonly image: Image,
    private readonly stage: Stage,
    private readonly wakeUps: WakeUps,
    private readonly previews: PreviewsService,
  ) {
    this.watchers = previews.listenForWatchers(image.batchId);
  }

  report({ fraction, preview }: StageProgress): void {
    if (preview && this.watchers.isWatched()) this.keep(preview);
    const now = Date.now();
    if (now - this.lastToldAt < AT_MOST_EVERY) return;
    this.lastToldAt = now;
    const { id: imageId, position, batchId } = this.image;
    const told: ImageProgress = { imageId, position, stage: this.stage, fraction, preview: null };
    this.wakeUps.ring(progressTopic(batchId), JSON.stringify(told), imageId);
  }

  /** No more will come. The last preview stays a moment for those who have just been told of it. */
  end(): void {
    this.watchers.end();
    if (this.hasPreview) setTimeout(() => void this.dropPreview().catch(() => undefined), PREVIEW_STAYS).unref();
  }

  /** While one is being written those that come are left out: the next will be newer anyway. */
  private keep({ bytes, contentType }: NonNullable<StageProgress['preview']>): void {
    if (this.keeping) return;
    this.hasPreview = true;
    this.keeping = this.previews
      .keep({ imageId: this.image.id, contentType, bytes })
      .catch(() => undefined)
      .finally(() => (this.keeping = null));
  }

  private async dropPreview(): Promise<void> {
    await this.keeping;
    await this.previews.drop(this.image.id);
  }
}
