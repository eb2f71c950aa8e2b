import { ledgerFaults } from '../pipeline/ledger-faults.js';
import { Fleet } from './fleet.js';

const BATCHES = 4;
const COUNT = 30;
const EVENTS = 'subscription ($batchId: ID!, $after: Int!) { imageStatusChanged(batchId: $batchId, after: $after) { number batchStatus } }';

describe('two APIs and three workers that are restarted one after another in the middle of four batches', () => {
  let fleet: Fleet;
  let numbers: number[][];
  const exits: (number | null)[] = [];

  beforeAll(async () => {
    fleet = await Fleet.start({ api: 2, worker: 3 }, { DEMO_TIME: '300ms', GENERATOR_SLOTS: '3' });
    const ids = await Promise.all(
      Array.from({ length: BATCHES }, (_, k) => fleet.api[k % 2].api.generate({ count: COUNT, username: `user ${k % 3}` })),
    );
    const followed = Promise.all(ids.map(follow));
    for (const role of ['worker', 'api', 'worker', 'api', 'worker', 'worker'] as const) {
      exits.push(await fleet.stopOldest(role));
      await fleet.add(role);
    }
    numbers = await followed;
  }, 240_000);

  afterAll(() => fleet.end(), 30_000);

  /** The numbers of all events, as seen by one who goes to another API whenever the one that it follows is stopped. */
  async function follow(batchId: string): Promise<number[]> {
    const seen: number[] = [];
    for (let ended = false; !ended;) {
      const events = fleet.api.at(-1)!.api.follow(EVENTS, { batchId, after: seen.at(-1) ?? 0 });
      ended = await collect(events, seen).catch(unlessGone);
    }
    return seen;
  }

  async function collect(events: AsyncGenerator<any>, seen: number[]): Promise<boolean> {
    for await (const { imageStatusChanged } of events) seen.push(imageStatusChanged.number);
    return true;
  }

  function unlessGone(closed: { code?: number }): boolean {
    if (closed.code === 1001 || closed.code === 1006) return false;
    throw new Error('The follower was sent away for good.', { cause: closed });
  }

  it('end cleanly, each', () => {
    expect(exits).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('lose nothing, double nothing and generate nothing twice', async () => {
    const rows = await fleet.database.query(
      `SELECT count(*)::int AS images, count(DISTINCT (username, index))::int AS indices, count(DISTINCT sha256)::int AS pictures,
              max(generation_attempts) AS generated, max(upload_attempts) AS uploaded FROM image WHERE status = 'UPLOADED'`,
    );
    const all = BATCHES * COUNT;
    expect(rows).toEqual([{ images: all, indices: all, pictures: all, generated: 1, uploaded: 1 }]);
    expect(await ledgerFaults(fleet.database)).toEqual([]);
  });

  it('let a follower miss no event and see none twice', () => {
    for (const seen of numbers) expect(seen).toEqual(Array.from({ length: 5 * COUNT }, (_, k) => k + 1));
  });
});
