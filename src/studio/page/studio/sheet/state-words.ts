import type { FrameStatus } from '../live/sheet-view';
import type { Sheet } from '../api/operations';

/** What a state of an image is called on the page. */
export const STATE_WORDS: Record<FrameStatus, string> = {
  QUEUED: 'waiting',
  GENERATING: 'drawing',
  GENERATED: 'to be stored',
  UPLOADING: 'storing',
  UPLOADED: 'stored',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
};

/** What a state of a batch is called on the page. */
export const BATCH_WORDS: Record<Sheet['status'], string> = {
  QUEUED: 'waiting',
  RUNNING: 'running',
  COMPLETED: 'complete',
  PARTIALLY_COMPLETED: 'partly complete',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
};
