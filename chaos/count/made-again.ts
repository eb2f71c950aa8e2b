import type { Evidence, ImageChange, PromptRun } from '../evidence.js';
import type { Finding } from './finding.js';
import { groupBy } from './group-by.js';
import { harmTo } from './reach.js';

export interface MadeAgain {
  /** How many images were drawn to their end more than once. */
  images: number;
  /** How often each cause led to another picture of an image that had one. */
  causes: Record<string, number>;
  unexplained: Finding;
}

/** Which images were drawn to their end more than once, and why: what befell the process or the server that had it, before it was begun anew. */
export function madeAgain(evidence: Evidence): MadeAgain {
  const result: MadeAgain = { images: 0, causes: {}, unexplained: { name: 'generated again, unexplained', cases: [] } };
  const runs = groupBy(evidence.runs, ({ promptId }) => promptId);
  for (const [imageId, story] of groupBy(evidence.ledger.changes, (change) => change.imageId)) {
    const claims = story.filter(({ after }) => after === 'GENERATING');
    const drawn = claims.flatMap((claim) => (runs.get(claim.promptId ?? '') ?? []).map((run) => ({ claim, run })));
    const finished = drawn.filter(({ run }) => run.fingerprints.length > 0).toSorted((a, b) => a.run.startedAt - b.run.startedAt);
    if (finished.length > 1) result.images++;
    for (const [k, next] of finished.slice(1).entries()) note(result, imageId, causeOf(evidence, imageId, finished[k], next.run));
  }
  return result;
}

function note({ causes, unexplained }: MadeAgain, imageId: string, cause: string | null): void {
  if (cause === null) unexplained.cases.push(`image ${imageId}`);
  else causes[cause] = (causes[cause] ?? 0) + 1;
}

function causeOf(
  evidence: Evidence,
  imageId: string,
  { claim, run }: { claim: ImageChange; run: PromptRun },
  next: PromptRun,
): string | null {
  const harm = harmTo([claim.by, run.server, 'postgres'], evidence.harms, claim.at, next.startedAt);
  return harm ?? faultOn(evidence, [imageId, run.promptId], run.server, next.startedAt);
}

/** A fault that the server played on a request about this very image or prompt. */
function faultOn({ faults }: Evidence, about: string[], server: string, until: number): string | null {
  const fault = faults.find((one) => one.server === server && one.at <= until && about.some((id) => one.request.includes(id)));
  return fault ? `fault: ${fault.name}` : null;
}
