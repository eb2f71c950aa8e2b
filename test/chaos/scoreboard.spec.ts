import { scoreboardOf } from '../../chaos/count/scoreboard.js';
import type { Evidence, ImageChange } from '../../chaos/evidence.js';
import { madeUpRun } from './made-up-run.js';

const RESCUED = { after: 'QUEUED', rescued: true };

/** What went wrong, in the words of the scoreboard, and a way to tell so; each happens once. */
const PLANTED: [string, (run: Evidence) => void][] = [
  ['requests unanswered', (run) => run.asked.push({ ...run.asked[0], key: 'order 2', answers: [] })],
  ['requests answered with two batches', (run) => run.asked[0].answers.push({ ...run.asked[0].answers[0], batchId: 'another' })],
  ['errors that do not say "try again"', (run) => (run.asked[0].errors.INTERNAL_SERVER_ERROR = 1)],
  ['requests answered with another number of images', (run) => run.asked[0].count++],
  ['images lost', (run) => (run.ledger.images[1].position = 3)],
  ['images failed', (run) => run.ledger.images.push({ ...thirdImage(run), status: 'FAILED', error: 'WORKER_LOST' })],
  ['images with another name than promised', (run) => (run.asked[0].answers[0].images[0].index = 7)],
  ['indices given twice', (run) => run.ledger.images.push({ ...thirdImage(run), index: 2, status: 'QUEUED' })],
  ['names given twice', (run) => run.ledger.images.push({ ...thirdImage(run), publicId: run.ledger.images[1].publicId, status: 'QUEUED' })],
  ['batches without an end', (run) => (run.ledger.batches[0].status = 'RUNNING')],
  ['batches that nobody was told of', (run) => run.ledger.batches.push({ id: 'stray', status: 'CANCELLED', lastEvent: 0 })],
  ['pictures overwritten', (run) => run.storage.overwrites++],
  ['pictures overwritten', (run) => run.storage.rewrites++],
  ['UPLOADED, but not in storage', (run) => run.storage.pictures.pop()],
  ['UPLOADED, but with other bytes', (run) => (run.storage.pictures[0].md5 = 'md5-of-another')],
  ['UPLOADED, but the picture of another', (run) => (run.storage.pictures[0].fingerprint = 'pixels-1')],
  ['stored, but not in the ledger', (run) => run.storage.strays.push('raw/stray')],
  ['stored, but not in the ledger', (run) => run.storage.pictures.push({ ...run.storage.pictures[0], publicId: 'stray', sha256: 'sha-9' })],
  ['same picture under two names', (run) => (run.storage.pictures[1].sha256 = run.ledger.images[1].sha256 = 'sha-0')],
  ['batches with a gap in their events', (run) => run.ledger.batches[0].lastEvent++],
  ['events missed', (run) => run.followed[0].events.splice(4, 1)],
  ['events missed', (run) => run.followed[0].events.pop()],
  ['events repeated', (run) => run.followed[0].events.push({ ...run.followed[0].events[9] })],
  ['events out of order', (run) => run.followed[0].events.push(...run.followed[0].events.splice(8, 1))],
  ['events other than in the ledger', (run) => (run.followed[0].events[9].status = 'FAILED')],
  ['subscriptions without an end', (run) => (run.followed[0].hasEnded = false)],
  ['changes by a worker that had lost its claim', (run) => (changeTo(run, 'UPLOADED').by = 'worker-3')],
  ['changes by a worker that had lost its claim', (run) => Object.assign(changeTo(run, 'GENERATED'), { after: 'QUEUED', by: 'worker-3' })],
  ['images taken from a living worker', (run) => Object.assign(changeTo(run, 'GENERATED'), { ...RESCUED, by: 'worker-3' })],
  ['images taken from a living worker', (run) => Object.assign(changeTo(run, 'GENERATED'), RESCUED)],
  ['prompts that belong to no claim', (run) => run.runs.push({ ...run.runs[0], promptId: 'prompt-3' })],
  ['generated again, unexplained', (run) => madeTwice(run)],
  ['generated again, above 1 %', (run) => killOver(run, 11)],
  ['processes whose memory grew', (run) => (run.vitals[3].memory = 110_000_001)],
  ['processes whose handles grew', (run) => (run.vitals[3].handles = 56)],
  ['processes whose connections grew', (run) => (run.vitals[3].connections = 12)],
  ['processes that ended by themselves', (run) => run.crashes.push('api-1 ended by itself with 1')],
];

function thirdImage(run: Evidence): Evidence['ledger']['images'][number] {
  return { ...run.ledger.images[0], id: 'image-3', position: 3, index: 3, publicId: 'filmroll/luna-1/000003' };
}

function changeTo(run: Evidence, status: string): ImageChange {
  return run.ledger.changes.find(({ after }) => after === status)!;
}

/** Image 1, made by worker-1 on comfyui-1 from 0 s on, is drawn again on comfyui-2 at 8 s. */
function madeTwice(run: Evidence): void {
  run.runs.push({ ...run.runs[0], server: 'comfyui-2', startedAt: 8_000 });
}

/** So many more images were on comfyui-1 when it was killed, and are drawn again. */
function killOver(run: Evidence, images: number): void {
  run.harms.push({ what: 'killed', target: 'comfyui-1', from: 5_000, until: 6_000 });
  for (let k = 0; k < images; k++) {
    const promptId = `again-${k}`;
    run.ledger.changes.push({ ...changeTo(run, 'GENERATING'), imageId: promptId, promptId });
    run.runs.push({ ...run.runs[0], promptId }, { ...run.runs[0], promptId, server: 'comfyui-2', startedAt: 8_000 });
  }
}

function found(run: Evidence): [string, number][] {
  return scoreboardOf(run)
    .findings.filter(({ cases }) => cases.length > 0)
    .map(({ name, cases }) => [name, cases.length]);
}

describe('the scoreboard', () => {
  it('is clean when all went well', () => {
    const board = scoreboardOf(madeUpRun());
    expect(board).toMatchObject({ isClean: true, accepted: 2, uploaded: 2, madeAgain: 0, retriedRequests: 3, connections: 2 });
    expect(found(madeUpRun())).toEqual([]);
  });

  it.each(PLANTED)('counts %s', (name, plant) => {
    const run = madeUpRun();
    plant(run);
    expect(found(run)).toEqual([[name, 1]]);
    expect(scoreboardOf(run).isClean).toBe(false);
  });

  it('has been shown to count each of its lines', () => {
    const names = scoreboardOf(madeUpRun()).findings.map(({ name }) => name);
    expect(new Set(PLANTED.map(([name]) => name))).toEqual(new Set(names));
  });

  it.each([
    ['worker killed', 'worker-1'],
    ['comfyui killed', 'comfyui-1'],
    ['postgres killed', 'postgres'],
  ])('explains a second picture by: %s', (cause, target) => {
    const run = madeUpRun();
    madeTwice(run);
    run.harms.push({ what: 'killed', target, from: 5_000, until: 6_000 });
    expect(scoreboardOf(run)).toMatchObject({ isClean: true, madeAgain: 1, causes: { [cause]: 1 }, kills: 1 });
  });

  it.each([
    ['another worker', { target: 'worker-3', from: 5_000, until: 6_000 }],
    ['a server that did not have it', { target: 'comfyui-2', from: 5_000, until: 6_000 }],
    ['its worker, but only afterwards', { target: 'worker-1', from: 9_000, until: 9_500 }],
    ['Redis, which holds nothing', { target: 'redis', from: 5_000, until: 6_000 }],
  ])('does not take for an explanation what was done to %s', (_, harm) => {
    const run = madeUpRun();
    madeTwice(run);
    run.harms.push({ what: 'killed', ...harm });
    expect(found(run)).toEqual([['generated again, unexplained', 1]]);
  });

  it('takes a fault for an explanation only on a request about this very image', () => {
    const run = madeUpRun();
    madeTwice(run);
    run.faults.push({ server: 'comfyui-1', name: 'deleteBeforeDownload', at: 1_400, request: '/view?filename=image-2-1_00001_.png' });
    expect(found(run)).toEqual([['generated again, unexplained', 1]]);
    run.faults.push({ server: 'comfyui-1', name: 'deleteBeforeDownload', at: 1_400, request: '/view?filename=image-1-1_00001_.png' });
    expect(scoreboardOf(run)).toMatchObject({ isClean: true, causes: { 'fault: deleteBeforeDownload': 1 } });
  });

  it('does not take a lost reply for an explanation: the picture is there to be found', () => {
    const run = madeUpRun();
    madeTwice(run);
    run.faults.push({ server: 'comfyui-1', name: 'loseReplies', at: 1_100, request: '/prompt? {"prompt_id":"prompt-1"}' });
    expect(found(run)).toEqual([['generated again, unexplained', 1]]);
  });

  it('lets a rescuer take an image from a worker that was killed', () => {
    const run = madeUpRun();
    Object.assign(changeTo(run, 'GENERATED'), { ...RESCUED, by: 'worker-3' });
    run.harms.push({ what: 'killed', target: 'worker-1', from: 500, until: 900 });
    expect(found(run)).toEqual([]);
  });

  it('does not judge how many were generated again while they are few', () => {
    const run = madeUpRun();
    killOver(run, 10);
    expect(scoreboardOf(run)).toMatchObject({ isClean: true, madeAgain: 10 });
  });

  it('calls nothing flat of which it has too little', () => {
    const run = madeUpRun();
    run.vitals.push({ process: 'api-1', at: 25, memory: 100_000_000, handles: 50, connections: 10 });
    expect(found(run)).toEqual(['memory', 'handles', 'connections'].map((measure) => [`processes whose ${measure} grew`, 1]));
  });

  it('counts no growth where nothing was measured', () => {
    const names = scoreboardOf({ ...madeUpRun(), vitals: [] }).findings.map(({ name }) => name);
    expect(names.filter((name) => name.includes('grew'))).toEqual([]);
  });
});
