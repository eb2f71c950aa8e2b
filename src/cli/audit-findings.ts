import { Finding, FINDING_KINDS, FindingKind } from '../audit/finding.js';

/** How many findings of each kind are shown to people. */
const SHOWN = 20;

/** Counts findings as they come, and keeps no more of them than people want to see. */
export class AuditFindings {
  readonly counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
  readonly shown: Finding[] = [];
  unconfirmed = 0;

  constructor(private readonly found: AsyncIterable<Finding>) {}

  /** Each finding, counted; can be read once. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Finding> {
    for await (const finding of this.found) {
      if (++this.counts[finding.kind] <= SHOWN) this.shown.push(finding);
      if (!finding.confirmed) this.unconfirmed++;
      yield finding;
    }
  }

  get total(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }
}
