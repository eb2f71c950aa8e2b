import { fractionOf, type SheetView } from '../live/sheet-view';

/** Where a running sheet was when it was first looked at: from then on its pace is measured, by this machine's clock alone. */
export interface Pace {
  at: number;
  fraction: number;
}

/** Milliseconds until the sheet will be done if it goes on like that, or null while that cannot be said. */
export function remaining(view: SheetView, { at, fraction }: Pace, now: number): number | null {
  const done = fractionOf(view);
  const [made, took] = [done - fraction, now - at];
  return made < 0.05 || took < 1_500 ? null : (took * (1 - done)) / made;
}
