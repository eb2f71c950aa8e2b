import { BareLedger } from './bare-ledger.js';
import { checkLedger } from './ledger-model.js';

describe('the ledger', () => {
  let bare: BareLedger;

  beforeAll(async () => {
    bare = await BareLedger.open();
  }, 30_000);

  afterAll(() => bare.close());

  it('is what its model says, in 300 long stories', async () => {
    await expect(checkLedger(bare, 300, 550_000)).resolves.toBeUndefined();
  }, 600_000);
});
