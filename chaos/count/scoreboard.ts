import type { Evidence } from '../evidence.js';
import { eventFindings } from './events.js';
import type { Finding } from './finding.js';
import { type Growth, growthFindings, growthOf } from './growth.js';
import { imageFindings } from './images.js';
import { madeAgain } from './made-again.js';
import { promptFindings } from './prompts.js';
import { requestFindings } from './requests.js';
import { storageFindings } from './storage.js';
import { writerFindings } from './writers.js';

/** What a run has shown. */
export interface Scoreboard {
  accepted: number;
  uploaded: number;
  batches: number;
  /** Everything that must not happen. */
  findings: Finding[];
  /** Images that were drawn more than once, and how often for which cause. */
  madeAgain: number;
  causes: Record<string, number>;
  /** Prompts that a server began and did not finish, or that failed there. */
  brokenRuns: number;
  kills: number;
  /** How often what was done to what. */
  harms: Record<string, number>;
  /** What each process needed, where that was measured. */
  growth: Growth[];
  faults: number;
  connections: number;
  retriedRequests: number;
  /** True if nothing happened that must not. */
  isClean: boolean;
}

/** Counts everything, from what clients, ledger, storage and servers say. */
export function scoreboardOf(evidence: Evidence): Scoreboard {
  const { asked, followed, ledger, runs, harms, faults, crashes } = evidence;
  const again = madeAgain(evidence);
  const counters = [requestFindings, imageFindings, storageFindings, eventFindings, writerFindings, promptFindings];
  const growth = growthOf(evidence);
  const findings = [
    ...counters.flatMap((count) => count(evidence)),
    again.unexplained,
    again.tooMany,
    ...growthFindings(growth),
    { name: 'processes that ended by themselves', cases: crashes },
  ];
  return {
    accepted: sum(asked.map(({ answers }) => answers.at(0)?.images.length ?? 0)),
    uploaded: ledger.images.filter(({ status }) => status === 'UPLOADED').length,
    batches: ledger.batches.length,
    findings,
    madeAgain: again.images,
    causes: again.causes,
    brokenRuns: runs.filter(({ outcome }) => outcome !== 'success').length,
    kills: harms.filter(({ what }) => what === 'killed').length,
    harms: tally(harms.map(({ target, what }) => `${target.replace(/-\d+$/, '')} ${what}`)),
    growth,
    faults: faults.length,
    connections: sum(followed.map(({ connections }) => connections)),
    retriedRequests: sum(asked.map(({ errors }) => sum(Object.values(errors)))),
    isClean: findings.every(({ cases }) => cases.length === 0),
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function tally(words: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
