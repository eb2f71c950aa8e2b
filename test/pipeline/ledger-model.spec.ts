import { BareLedger } from './bare-ledger.js';
import { checkLedger } from './ledger-model.js';

describe('the ledger', () => {
  let bare: BareLedger;

  beforeAll(async () => {
    bare = await BareLedger.open();
  });

  afterAll(() => bare.close());

  it('is what its model says, whatever happens in whatever order', async () => {
    await expect(checkLedger(bare, 20, 50_000)).resolves.toBeUndefined();
  });
});
