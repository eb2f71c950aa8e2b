import type { Frame, Progress, Sheet, SheetEvent } from '../api/operations';

/** A frame with what passes: how far its stage is, and the preview. */
export interface FrameView extends Frame {
  /** 0…1 within the stage it is in; null where nobody has said. */
  fraction: number | null;
  /** `data:` URI. */
  preview: string | null;
}

/** A contact sheet as it is shown. */
export interface SheetView extends Omit<Sheet, 'images'> {
  frames: readonly FrameView[];
}

export type FrameStatus = Frame['status'];

const ENDINGS: readonly string[] = ['COMPLETED', 'PARTIALLY_COMPLETED', 'CANCELLED', 'FAILED'];

/** The sheet as it was read from the service. */
export function viewOf({ images, ...sheet }: Sheet): SheetView {
  return { ...sheet, frames: images.map((frame) => ({ ...frame, fraction: null, preview: null })) };
}

/** The sheet after an event. One that the sheet has had already changes nothing. */
export function withEvent(view: SheetView, { number, batchStatus, at, image }: SheetEvent): SheetView {
  if (number <= view.lastEvent) return view;
  const finishedAt = ENDINGS.includes(batchStatus) ? at : null;
  const frames = view.frames.map((frame) => (frame.id === image.id ? moved(frame, image) : frame));
  return { ...view, lastEvent: number, status: batchStatus, finishedAt, frames };
}

/** The sheet after passing progress. Within one attempt it never goes back, and what has left its stage is left alone. */
export function withProgress(view: SheetView, { imageId, stage, fraction, preview }: Progress): SheetView {
  const before = view.frames.find(({ id }) => id === imageId);
  if (!before || stage !== stageOf(before.status)) return view;
  const after = { ...before, fraction: Math.max(before.fraction ?? 0, fraction), preview: preview ?? before.preview };
  return { ...view, frames: view.frames.map((frame) => (frame === before ? after : frame)) };
}

export function hasEnded({ status }: { status: SheetView['status'] }): boolean {
  return ENDINGS.includes(status);
}

/** How many frames are in one of these states. */
export function count({ frames }: SheetView, ...statuses: FrameStatus[]): number {
  return frames.filter(({ status }) => statuses.includes(status)).length;
}

/** 0…1 over the whole sheet; what will not be tried again counts as done. */
export function fractionOf({ frames }: SheetView): number {
  const done = frames.map(({ status, fraction }) => SHARE[status] + (status === 'GENERATING' ? 0.9 * (fraction ?? 0) : 0));
  return done.reduce((sum, share) => sum + share, 0) / frames.length;
}

const SHARE: Record<FrameStatus, number> = {
  QUEUED: 0,
  GENERATING: 0,
  GENERATED: 0.9,
  UPLOADING: 0.95,
  UPLOADED: 1,
  FAILED: 1,
  CANCELLED: 1,
};

/** A preview stays until the picture itself is there, and goes when the frame starts anew. */
function moved(frame: FrameView, image: Frame): FrameView {
  const goesOn = image.status === frame.status && image.generationAttempts === frame.generationAttempts;
  const startsAnew = image.status === 'QUEUED' || image.generationAttempts !== frame.generationAttempts;
  return { ...image, fraction: goesOn ? frame.fraction : null, preview: startsAnew ? null : frame.preview };
}

function stageOf(status: FrameStatus): Progress['stage'] | null {
  if (status === 'GENERATING') return 'GENERATION';
  return status === 'UPLOADING' ? 'UPLOAD' : null;
}
