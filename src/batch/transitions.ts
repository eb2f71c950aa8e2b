import { ImageStatus } from './image-status.js';

const { QUEUED, GENERATING, GENERATED, UPLOADING, UPLOADED, FAILED, CANCELLED } = ImageStatus;

interface TransitionRule {
  from: ImageStatus[];
  to: ImageStatus;
  /** Raises `attempt`, so that whoever worked under the old one can change nothing any more. */
  fences: boolean;
}

/** Every lawful change of an image's status; there is no other. docs/architecture.md draws this table. */
export const TRANSITIONS = {
  claimGeneration: { from: [QUEUED], to: GENERATING, fences: true },
  putBackGeneration: { from: [GENERATING], to: QUEUED, fences: true },
  acceptBytes: { from: [GENERATING], to: GENERATED, fences: false },
  claimUpload: { from: [GENERATED], to: UPLOADING, fences: true },
  putBackUpload: { from: [UPLOADING], to: GENERATED, fences: true },
  proveUpload: { from: [UPLOADING], to: UPLOADED, fences: false },
  fail: { from: [QUEUED, GENERATING, UPLOADING], to: FAILED, fences: false },
  cancel: { from: [QUEUED, GENERATING, GENERATED], to: CANCELLED, fences: true },
  retryGeneration: { from: [FAILED], to: QUEUED, fences: true },
  retryUpload: { from: [FAILED], to: GENERATED, fences: true },
} satisfies Record<string, TransitionRule>;

export type Transition = keyof typeof TRANSITIONS;
