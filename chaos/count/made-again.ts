import type { Evidence, ImageChange, PlayedFault, PromptRun } from '../evidence.js';
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
    for (const [k, next] of finished.slice(1).entries()) note(result, evidence, imageId, finished[k], next.run);
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

function note({ causes, unexplained }: MadeAgain, evidence: Evidence, imageId: string, drawn: Drawn, next: PromptRun): void {
  const about = faultsAbout(evidence, imageId, drawn, next);
  const cause = causeOf(evidence, about, drawn, next);
  if (cause === null) unexplained.cases.push(inWords(imageId, drawn.run, next, about));
  else causes[cause] = (causes[cause] ?? 0) + 1;
}

function inWords(imageId: string, run: PromptRun, next: PromptRun, about: PlayedFault[]): string {
  const faults = about.map(({ name }) => name).join(', ') || 'none';
  return `image ${imageId}: ${run.promptId} on ${run.server}, then ${next.promptId} on ${next.server}; faults about it: ${faults}`;
}

/** What a server may do to a finished picture, or for so long that it is given up. After every other fault it has to be found again. */
const SPOILING = ['deleteBeforeDownload', 'cutDownloads', 'truncateDownloads', 'garbageDownloads', 'stallDownloads', 'hangRequests'];

/** What was played on requests about a picture until it was begun anew. */
function faultsAbout({ faults }: Evidence, imageId: string, { claim, run }: Drawn, next: PromptRun): PlayedFault[] {
  return faults.filter(({ server, at, request }) => {
    return server === run.server && at >= claim.at && at <= next.startedAt && [imageId, run.promptId].some((id) => request.includes(id));
  });
}

function causeOf({ harms }: Evidence, about: PlayedFault[], { claim, run }: Drawn, next: PromptRun): string | null {
  const harm = (names: string[]) => harmTo(names, harms, claim.at, next.startedAt);
  const fault = about.findLast(({ name }) => SPOILING.includes(name));
  // What all of them share comes last: it would explain everything.
  return harm([run.server, claim.by]) ?? (fault ? `fault: ${fault.name}` : harm(['postgres']));
}
