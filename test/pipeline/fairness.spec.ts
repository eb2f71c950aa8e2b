import { Image } from '../../src/batch/image.entity.js';
import { GENERATION_QUEUE } from '../../src/queue/queue-names.js';
import { BareLedger } from './bare-ledger.js';

describe('the order of claims', () => {
  let bare: BareLedger;

  beforeEach(async () => {
    bare = await BareLedger.open();
  });

  afterEach(() => bare.close());

  async function claimed(count: number): Promise<string[]> {
    const names: string[] = [];
    while (names.length < count) names.push(((await bare.claim(GENERATION_QUEUE)) as Image).username);
    return names;
  }

  it('lets four images of one user not stand behind a hundred of another', async () => {
    await bare.insert(100, 'ada');
    await bare.insert(4, 'bob');
    const names = await claimed(9);
    expect(names.filter((name) => name === 'bob')).toHaveLength(4);
  });

  it('does the same when the hundred are half done', async () => {
    await bare.insert(100, 'ada');
    await claimed(50);
    await bare.insert(4, 'bob');
    expect((await claimed(9)).filter((name) => name === 'bob')).toHaveLength(4);
  });

  it('gives a user who keeps asking no more than their share', async () => {
    await bare.insert(20, 'ada');
    for (let k = 0; k < 5; k++) await bare.insert(4, 'bob');
    const names = await claimed(20);
    expect(names.filter((name) => name === 'bob').length).toBeLessThanOrEqual(11);
    expect(names.filter((name) => name === 'ada').length).toBeLessThanOrEqual(11);
  });

  it('takes the images of one user in the order of their indices', async () => {
    await bare.insert(6, 'ada');
    const positions: number[] = [];
    while (positions.length < 6) positions.push(((await bare.claim(GENERATION_QUEUE)) as Image).position);
    expect(positions).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
