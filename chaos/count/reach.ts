import type { Harm } from '../evidence.js';

/** What is cut off or thawed is itself again after so long at most. Milliseconds. */
const AFTERMATH = 3_000;

/** What was done to one of these processes between two moments; null when nothing was. */
export function harmTo(names: string[], harms: Harm[], from: number, until: number): string | null {
  const harm = harms.find((one) => names.includes(one.target) && one.from <= until && one.until + AFTERMATH >= from);
  return harm ? `${harm.target.replace(/-\d+$/, '')} ${harm.what}` : null;
}
