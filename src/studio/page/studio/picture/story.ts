import type { PictureEvent } from '../api/picture-operations';

export interface Chapter {
  number: number;
  /** What happened, in a few words. */
  what: string;
  /** Why, where something went wrong. */
  why: string | null;
  at: string;
  /** Milliseconds since the chapter before; null for the first. */
  after: number | null;
}

/** An image's events as a story to read. What an event means depends on the one before it. */
export function storyOf(events: readonly PictureEvent[]): Chapter[] {
  return events.map(({ number, status, at, error }, place) => {
    const before = place === 0 ? null : events[place - 1];
    return {
      ...{ number, at, what: what(status, before?.status), why: error?.message ?? null },
      after: before && Date.parse(at) - Date.parse(before.at),
    };
  });
}

type Status = PictureEvent['status'];

function what(status: Status, before: Status | undefined): string {
  if (status === 'QUEUED' && before) return before === 'FAILED' ? 'Taken up again' : 'Put back, to be drawn again';
  if (status === 'GENERATED' && before === 'UPLOADING') return 'Put back, to be stored again';
  if (status === 'GENERATED' && before === 'FAILED') return 'Taken up again, the picture is safe';
  return WHAT[status];
}

const WHAT: Record<Status, string> = {
  QUEUED: 'Number, name and seed reserved',
  GENERATING: 'Drawing begun',
  GENERATED: 'Drawn, its bytes are safe',
  UPLOADING: 'On its way to storage',
  UPLOADED: 'Stored, and proven to be',
  FAILED: 'Failed',
  CANCELLED: 'Cancelled',
};
