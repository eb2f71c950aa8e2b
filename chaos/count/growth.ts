import type { Evidence, Vital } from '../evidence.js';
import type { Finding } from './finding.js';
import { groupBy } from './group-by.js';

/** How much more the last third of the time may need than the second one. */
const FLAT = 1.1;
const MEASURES = ['memory', 'handles', 'connections'] as const;

/** What a process needed in the second and in the last third of the time: medians; memory in bytes. */
export interface Growth {
  process: string;
  measure: (typeof MEASURES)[number];
  second: number;
  last: number;
}

/** For every process that was measured, each measure. The first third is left to warming up. */
export function growthOf({ vitals }: Evidence): Growth[] {
  const times = vitals.map(({ at }) => at);
  const [from, until] = [times.reduce((a, b) => Math.min(a, b), Infinity), times.reduce((a, b) => Math.max(a, b), 0)];
  const third = (at: number) => Math.min(2, Math.floor((3 * (at - from)) / (until - from)));
  return [...groupBy(vitals, ({ process }) => process)].flatMap(([process, taken]) => {
    const [second, last] = [1, 2].map((wanted) => taken.filter(({ at }) => third(at) === wanted));
    return MEASURES.map((measure) => ({ process, measure, second: median(second, measure), last: median(last, measure) }));
  });
}

/** Every process that needs more and more, or of which that is not known. */
export function growthFindings(growth: Growth[]): Finding[] {
  if (growth.length === 0) return [];
  return MEASURES.map((measure) => ({
    name: `processes whose ${measure} grew`,
    cases: growth.filter((one) => one.measure === measure && !(one.last <= FLAT * one.second)).map(inWords),
  }));
}

function inWords({ process, second, last }: Growth): string {
  return `${process}: ${second} in the second third of the time, ${last} in the last`;
}

/** NaN when nothing was taken. */
function median(taken: Vital[], measure: Growth['measure']): number {
  const sorted = taken.map((vital) => vital[measure]).toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
