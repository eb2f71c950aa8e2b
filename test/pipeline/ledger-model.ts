import { deepEqual, equal } from 'node:assert/strict';
import fc from 'fast-check';
import { ImageStatus } from '../../src/batch/image-status.js';
import { Image } from '../../src/batch/image.entity.js';
import { LateWorkerError, OpenBatch } from '../../src/batch/open-batch.js';
import { Stage } from '../../src/batch/image-error.js';
import { StagedPicture } from '../../src/batch/staged-picture.entity.js';
import { GENERATION_QUEUE, UPLOAD_QUEUE } from '../../src/queue/queue-names.js';
import { ANYBODY, BareLedger } from './bare-ledger.js';
import { ledgerFaults } from './ledger-faults.js';

const { QUEUED, GENERATING, GENERATED, UPLOADING, UPLOADED, FAILED, CANCELLED } = ImageStatus;
const FAILURE = { stage: Stage.UPLOAD, code: 'X', message: 'x', retryable: true };
const HASHES = { sha256: 'a'.repeat(64), md5: 'b'.repeat(32), bytes: 1 };

/** What a worker, a client or the rescuer does; `claim` counts back from the newest through every claim that was ever made, the outdated ones too. */
type Deed = { deed: 'claimGeneration' | 'claimUpload' | 'cancel' | 'retry' | 'crash' } | { deed: Outcome | 'loseBytes'; claim: number };

/** How somebody's work on an image ends. */
type Outcome = 'finish' | 'takeBack' | 'fail' | 'retryLater' | 'handBack' | 'finishTwiceAtOnce';

/** What the ledger must hold, worked out without it. */
interface Expected {
  status: ImageStatus;
  hasBytes: boolean;
  staged: boolean;
  uploadBegun: boolean;
  lostClaims: number;
  /** The claim that may change the image now. */
  live: Image | null;
}

/** Mostly one of the newest claims, or stories would hardly ever come to their end. */
const WHICH = fc.oneof({ weight: 3, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(30) });

const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ deed: fc.constantFrom('claimGeneration' as const, 'claimUpload' as const) }) },
    {
      weight: 8,
      arbitrary: fc.record({
        deed: fc.constantFrom(...(['finish', 'finish', 'takeBack', 'fail', 'retryLater', 'handBack'] as const)),
        claim: WHICH,
      }),
    },
    { weight: 2, arbitrary: fc.record({ deed: fc.constant('finishTwiceAtOnce' as const), claim: WHICH }) },
    { weight: 2, arbitrary: fc.record({ deed: fc.constant('loseBytes' as const), claim: WHICH }) },
    { weight: 3, arbitrary: fc.record({ deed: fc.constantFrom(...(['cancel', 'retry', 'retry', 'crash'] as const)) }) },
  ),
  { minLength: 8, maxLength: 40, size: 'max' },
);

/**
 * Whatever happens to a small batch in whatever order: the ledger is what the model says, and late workers change nothing. Throws, with the shortest
 * story found so far, when it is not, or when so many runs are not over within `timeLimit` milliseconds.
 */
export async function checkLedger(bare: BareLedger, numRuns: number, timeLimit: number): Promise<void> {
  const property = fc.asyncProperty(fc.integer({ min: 1, max: 3 }), deeds, async (count, story) => {
    const run = await Run.begin(bare, count);
    for (const deed of story) await run.perform(deed);
    await run.end();
  });
  const limits = { interruptAfterTimeLimit: timeLimit, markInterruptAsFailure: true };
  await fc.assert(property, { numRuns, includeErrorInReport: true, ...limits });
}

class Run {
  private readonly claims: Image[] = [];

  private constructor(
    private readonly bare: BareLedger,
    private readonly batchId: string,
    private readonly images: Map<string, Expected>,
    private readonly fixed: object[],
  ) {}

  static async begin(bare: BareLedger, count: number): Promise<Run> {
    // Only this run's images are due.
    await bare.database.query(`UPDATE image SET retry_at = now() + interval '1 year' WHERE status IN ('QUEUED', 'GENERATED')`);
    const images = await bare.insert(count);
    const expected = { status: QUEUED, hasBytes: false, staged: false, uploadBegun: false, lostClaims: 0, live: null };
    const batchId = images[0].batchId;
    return new Run(bare, batchId, new Map(images.map(({ id }) => [id, { ...expected }])), await fixedParts(bare, batchId));
  }

  async perform(deed: Deed): Promise<void> {
    if (deed.deed === 'claimGeneration' || deed.deed === 'claimUpload') await this.claim(deed.deed);
    else if (deed.deed === 'cancel') await this.cancel();
    else if (deed.deed === 'retry') await this.retry();
    else if (deed.deed === 'crash') await this.crash();
    else if ('claim' in deed && this.claims.length > 0)
      await this.concern(this.claims.at(-1 - (deed.claim % this.claims.length))!, deed.deed);
    await this.compare();
  }

  async end(): Promise<void> {
    deepEqual(await ledgerFaults(this.bare.database), []);
    deepEqual(await fixedParts(this.bare, this.batchId), this.fixed);
  }

  private async claim(deed: 'claimGeneration' | 'claimUpload'): Promise<void> {
    const [waiting, working] = deed === 'claimGeneration' ? [QUEUED, GENERATING] : [GENERATED, UPLOADING];
    const claim = await this.bare.claim(deed === 'claimGeneration' ? GENERATION_QUEUE : UPLOAD_QUEUE);
    const due = [...this.images.values()].some(({ status }) => status === waiting);
    equal(claim !== null, due);
    if (!claim) return;
    this.claims.push(claim);
    const image = this.images.get(claim.id)!;
    equal(image.status, waiting);
    Object.assign(image, { status: working, live: claim, uploadBegun: image.uploadBegun || working === UPLOADING });
  }

  private async concern(claim: Image, deed: Outcome | 'loseBytes'): Promise<void> {
    if (deed !== 'loseBytes') return this.use(claim, deed);
    await this.bare.database.query('DELETE FROM staged_picture WHERE image_id = $1', [claim.id]);
    this.images.get(claim.id)!.staged = false;
  }

  /** Somebody comes with a claim that may be long outdated. */
  private async use(claim: Image, deed: Outcome): Promise<void> {
    const image = this.images.get(claim.id)!;
    const times = deed === 'finishTwiceAtOnce' ? 2 : 1;
    const done = await Promise.all(Array.from({ length: times }, () => this.write(claim, deed)));
    equal(done.filter(Boolean).length, image.live === claim ? 1 : 0, `${deed} with attempt ${claim.attempt}`);
    if (image.live === claim) Object.assign(image, after(image, deed), { live: null });
    // The pause before the next try goes by at once.
    if (deed === 'retryLater') await this.bare.database.query('UPDATE image SET retry_at = now() WHERE id = $1', [claim.id]);
  }

  private write(claim: Image, deed: Outcome): Promise<boolean> {
    const outcome = this.bare.ledger.change(claim.batchId, 'prove upload', async (open) => {
      const held = await open.held(claim.id, claim.attempt, claim.status);
      if (deed === 'takeBack') await this.bare.setbacks.takeBack(open, held);
      else if (deed === 'fail') await this.bare.setbacks.fail(open, held, FAILURE);
      else if (deed === 'retryLater') await this.bare.setbacks.retryLater(open, held, FAILURE);
      else if (deed === 'handBack') await this.bare.setbacks.handBack(open, held);
      else if (held.status === GENERATING) await generate(open, held);
      else if (await open.tx.existsBy(StagedPicture, { imageId: held.id })) await upload(open, held);
      else await this.bare.setbacks.fail(open, held, FAILURE);
      return true;
    });
    return outcome.catch((error: Error) => {
      if (error instanceof LateWorkerError) return false;
      throw error;
    });
  }

  private async cancel(): Promise<void> {
    await this.bare.batches.cancel(this.batchId, ANYBODY);
    for (const image of this.images.values()) {
      const begun = image.uploadBegun || ![QUEUED, GENERATING, GENERATED].includes(image.status);
      if (!begun) Object.assign(image, { status: CANCELLED, live: null, staged: false });
    }
  }

  private async crash(): Promise<void> {
    await this.bare.crash(this.batchId);
    for (const image of this.images.values()) {
      if (image.status === GENERATING || image.status === UPLOADING) Object.assign(image, after(image, 'takeBack'), { live: null });
    }
  }

  private async retry(): Promise<void> {
    await this.bare.batches.retry(this.batchId, null, ANYBODY);
    for (const image of this.images.values()) {
      const isWhole = image.staged || !image.hasBytes;
      if (image.status === FAILED && isWhole) Object.assign(image, { status: image.hasBytes ? GENERATED : QUEUED, lostClaims: 0 });
    }
  }

  private async compare(): Promise<void> {
    const rows = await this.bare.database.query(
      `SELECT image.id, status, sha256 IS NOT NULL AS "hasBytes", staged_picture IS NOT NULL AS staged, lost_claims AS "lostClaims"
       FROM image LEFT JOIN staged_picture ON image_id = image.id WHERE batch_id = $1 ORDER BY position`,
      [this.batchId],
    );
    const expected = [...this.images].map(([id, { status, hasBytes, staged, lostClaims }]) => ({
      id,
      status,
      hasBytes,
      staged,
      lostClaims,
    }));
    deepEqual(rows, expected);
  }
}

function after(image: Expected, deed: Outcome): Partial<Expected> {
  const generating = image.status === GENERATING;
  const back = generating ? QUEUED : GENERATED;
  if (deed === 'fail') return { status: FAILED };
  if (deed === 'retryLater') return { status: back, lostClaims: 0 };
  if (deed === 'handBack') return { status: back };
  if (deed === 'takeBack') return image.lostClaims === 4 ? { status: FAILED } : { status: back, lostClaims: image.lostClaims + 1 };
  if (generating) return { status: GENERATED, hasBytes: true, staged: true, lostClaims: 0 };
  return image.staged ? { status: UPLOADED, staged: false } : { status: FAILED };
}

/** What the first stage writes when all went well. */
async function generate(open: OpenBatch, held: Image): Promise<void> {
  await open.tx.query('INSERT INTO staged_picture (image_id, bytes) VALUES ($1, $2)', [held.id, Buffer.of(1)]);
  await open.move(held, 'acceptBytes', { ...HASHES, owner: null, lostClaims: 0, retryAt: open.now });
}

/** What the second stage writes when all went well. */
async function upload(open: OpenBatch, held: Image): Promise<void> {
  await open.move(held, 'proveUpload', { owner: null });
  await open.tx.delete(StagedPicture, { imageId: held.id });
}

/** What of a batch's images nothing may ever change. */
function fixedParts({ database }: BareLedger, batchId: string): Promise<object[]> {
  return database.query('SELECT id, position, index, public_id, seed, series_id FROM image WHERE batch_id = $1 ORDER BY position', [
    batchId,
  ]);
}
