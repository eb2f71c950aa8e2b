import { BareLedger } from './bare-ledger.js';
import { endInPairs } from './last-two.js';
import { ledgerFaults } from './ledger-faults.js';

describe('the two last images of a batch, ending in the same instant', () => {
  let bare: BareLedger;

  beforeAll(async () => {
    bare = await BareLedger.open();
  }, 30_000);

  afterAll(() => bare.close());

  it('always end the batch: 1,000 times', async () => {
    const ids = await endInPairs(bare, 1_000);
    expect(new Set(ids).size).toBe(1_000);
    expect(await bare.database.query(`SELECT id FROM batch WHERE status IN ('QUEUED', 'RUNNING')`)).toEqual([]);
    expect(await ledgerFaults(bare.database)).toEqual([]);
  }, 120_000);
});
