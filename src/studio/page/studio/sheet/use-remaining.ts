import { useEffect, useState } from 'react';
import { fractionOf, hasEnded, type SheetView } from '../live/sheet-view';
import { type Pace, remaining } from './remaining';

/** Milliseconds that a running sheet will still take, worked out anew every second. */
export function useRemaining(view: SheetView): number | null {
  const isRunning = !hasEnded(view);
  const [pace, setPace] = useState<Pace | null>(null);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return setPace(null);
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  useEffect(() => {
    // Waiting for others to be drawn says nothing about its own pace.
    if (isRunning && !pace && view.status === 'RUNNING') setPace({ at: Date.now(), fraction: fractionOf(view) });
  }, [isRunning, pace, view]);
  return isRunning && pace ? remaining(view, pace, now) : null;
}
