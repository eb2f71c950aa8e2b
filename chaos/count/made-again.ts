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
  tooMany: Finding;
}

/** So many in a hundred images may be drawn again; up to a few are not judged, for in a small run they are many in a hundred. */
const PERCENT = 1;
const FEW = 10;

/** Which images were drawn to their end more than once, and why: what befell the process or the server that had it, before it was begun anew. */
export function madeAgain(evidence: Evidence): MadeAgain {
  const [unexplained, tooMany] = ['generated again, unexplained', `generated again, above ${PERCENT} %`].map(none);
  const result: MadeAgain = { images: 0, causes: {}, unexplained, tooMany };
  const runs = groupBy(evidence.runs, ({ promptId }) => promptId);
  for (const [imageId, story] of groupBy(evidence.ledger.changes, (change) => change.imageId)) {
    const claims = story.filter(({ after }) => after === 'GENERATING');
    const drawn = claims.flatMap((claim) => (runs.get(claim.promptId ?? '') ?? []).map((run) => ({ claim, run })));
    const finished = drawn.filter(({ run }) => run.fingerprints.length > 0).toSorted((a, b) => a.run.startedAt - b.run.startedAt);
    if (finished.length > 1) result.images++;
    for (const [k, next] of finished.slice(1).entries()) note(result, imageId, causeOf(evidence, imageId, finished[k], next.run));
  }
  const allowed = Math.max(FEW, (PERCENT / 100) * evidence.ledger.images.length);
  if (result.images > allowed) tooMany.cases.push(`${result.images} images, of which ${Math.floor(allowed)} may be`);
  return result;
}

function none(name: string): Finding {
  return { name, cases: [] };
}

/** A picture, and by which claim it was asked for. */
interface Drawn {
  claim: ImageChange;
  run: PromptRun;
}

function note({ causes, unexplained }: MadeAgain, imageId: string, cause: string | null): void {
  if (cause === null) unexplained.cases.push(`image ${imageId}`);
  else causes[cause] = (causes[cause] ?? 0) + 1;
}

/** What a server may do to a finished picture, or for so long that it is given up. After every other fault it has to be found again. */
const SPOILING = ['deleteBeforeDownload', 'cutDownloads', 'truncateDownloads', 'garbageDownloads', 'stallDownloads', 'hangRequests'];

function causeOf(evidence: Evidence, imageId: string, { claim, run }: Drawn, next: PromptRun): string | null {
  const harm = (names: string[]) => harmTo(names, evidence.harms, claim.at, next.startedAt);
  const about = evidence.faults.filter(({ server, at, request }) => {
    return server === run.server && at >= claim.at && at <= next.startedAt && [imageId, run.promptId].some((id) => request.includes(id));
  });
  const fault = about.findLast(({ name }) => SPOILING.includes(name));
  // What all of them share comes last: it would explain everything.
  return harm([run.server, claim.by]) ?? (fault ? `fault: ${fault.name}` : harm(['postgres']));
}
