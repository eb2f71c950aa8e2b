import { BareLedger } from './bare-ledger.js';
import { endInPairs } from './last-two.js';
import { ledgerFaults } from './ledger-faults.js';

describe('the two last images of a batch, ending in the same instant', () => {
  let bare: BareLedger;

  beforeAll(async () => {
    bare = await BareLedger.open();
  });

  afterAll(() => bare.close());

  it('always end the batch: 100 times', async () => {
    await endInPairs(bare, 100);
    const rows = await bare.database.query(`SELECT status, count(*)::integer AS count FROM batch GROUP BY status ORDER BY status`);
    expect(rows).toEqual([
      { status: 'COMPLETED', count: 25 },
      { status: 'PARTIALLY_COMPLETED', count: 50 },
      { status: 'FAILED', count: 25 },
    ]);
    expect(await ledgerFaults(bare.database)).toEqual([]);
  });
});
