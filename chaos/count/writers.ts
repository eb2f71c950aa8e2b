import type { Evidence, Harm, ImageChange } from '../evidence.js';
import { groupBy } from './group-by.js';
import type { Finding } from './finding.js';
import { harmTo } from './reach.js';

const HELD = ['GENERATING', 'UPLOADING'];
const PUT_BACK = ['QUEUED', 'GENERATED>UPLOADING'];

/** Whoever has claimed an image is the only one to change it, until it has ended, is put back, or may be taken for dead. */
export function writerFindings({ ledger, harms }: Evidence): Finding[] {
  const changes = [...groupBy(ledger.changes, ({ imageId }) => imageId).values()].flatMap((story) => foreignChanges(story));
  const rescues = changes.filter(({ change }) => isRescue(change));
  return [
    { name: 'changes by a worker that had lost its claim', cases: changes.filter(({ change }) => !isRescue(change)).map(told) },
    { name: 'images taken from a living worker', cases: rescues.filter((one) => !wasHarmed(one, harms)).map(told) },
  ];
}

interface Foreign {
  claim: ImageChange;
  change: ImageChange;
}

/** Changes of a claimed image by another process than the one that claimed it. */
function foreignChanges(story: ImageChange[]): Foreign[] {
  return story.flatMap((change, k) => {
    const claim = story[k - 1];
    const isForeign = claim && HELD.includes(change.before) && claim.after === change.before && claim.by !== change.by;
    return isForeign ? [{ claim, change }] : [];
  });
}

function isRescue({ before, after }: ImageChange): boolean {
  return PUT_BACK.includes(before === 'UPLOADING' ? `${after}>${before}` : after) || after === 'FAILED';
}

function wasHarmed({ claim, change }: Foreign, harms: Harm[]): boolean {
  return harmTo([claim.by, 'postgres'], harms, claim.at, change.at) !== null;
}

function told({ claim, change }: Foreign): string {
  return `image ${change.imageId}: ${change.before} by ${claim.by}, ${change.after} by ${change.by}`;
}
