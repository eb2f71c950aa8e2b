import { useEffect, useRef } from 'react';
import { count, hasEnded, type SheetView } from '../live/sheet-view';
import { announce } from '../parts/announcer';
import { BATCH_WORDS } from './state-words';

/** Milliseconds between two things said of one running batch: a screen reader has more to tell than that. */
const AT_MOST_EVERY = 5_000;

/** Tells a screen reader how a running batch comes along, and how it ends. */
export function useMilestones(view: SheetView | null): void {
  const wasRunning = useRef(false);
  const last = useRef({ at: 0, stored: 0 });
  const stored = view ? count(view, 'UPLOADED') : 0;
  useEffect(() => {
    if (!view) return;
    if (!hasEnded(view)) {
      wasRunning.current = true;
      if (stored === last.current.stored || Date.now() - last.current.at < AT_MOST_EVERY) return;
      last.current = { at: Date.now(), stored };
      announce(`${view.character}: ${stored} of ${view.count} stored`);
    } else if (wasRunning.current) {
      wasRunning.current = false;
      const failed = count(view, 'FAILED');
      announce(`${view.character}: ${BATCH_WORDS[view.status]}, ${stored} of ${view.count} stored${failed ? `, ${failed} failed` : ''}`);
    }
  }, [view, stored]);
}
