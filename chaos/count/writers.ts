import type { Evidence, Harm, ImageChange } from '../evidence.js';
import { groupBy } from './group-by.js';
import type { Finding } from './finding.js';
import { harmTo } from './reach.js';

const HELD = ['GENERATING', 'UPLOADING'];

/** Whoever has claimed an image is the only one to change it, until it has ended, is put back, or may be taken for dead. */
export function writerFindings({ ledger, harms }: Evidence): Finding[] {
  const ends = [...groupBy(ledger.changes, ({ imageId }) => imageId).values()].flatMap(claimEnds);
  const foreign = ends.filter(({ claim, change }) => !change.rescued && claim.by !== change.by);
  const stolen = ends.filter((end) => end.change.rescued && !wasHarmed(end, harms));
  return [
    { name: 'changes by a worker that had lost its claim', cases: foreign.map(told) },
    { name: 'images taken from a living worker', cases: stolen.map(told) },
  ];
}

/** A claim, and the change that ended it. */
interface ClaimEnd {
  claim: ImageChange;
  change: ImageChange;
}

function claimEnds(story: ImageChange[]): ClaimEnd[] {
  return story.slice(1).flatMap((change, k) => (HELD.includes(story[k].after) ? [{ claim: story[k], change }] : []));
}

function wasHarmed({ claim, change }: ClaimEnd, harms: Harm[]): boolean {
  return harmTo([claim.by, 'postgres'], harms, claim.at, change.at) !== null;
}

function told({ claim, change }: ClaimEnd): string {
  return `image ${change.imageId}: ${change.before} by ${claim.by}, ${change.after} by ${change.by}`;
}
