import { HistoryCleaner } from './history-cleaner.js';

const KEEP = 60_000;

describe('HistoryCleaner', () => {
  const deleteHistory = jest.fn(async (_promptIds: string[]) => undefined);
  let cleaner: HistoryCleaner;

  beforeEach(() => {
    jest.useFakeTimers();
    deleteHistory.mockClear();
    cleaner = new HistoryCleaner({ deleteHistory }, KEEP);
  });

  afterEach(() => jest.useRealTimers());

  /** One prompt in each second. */
  function forgetOneEachSecond(count: number): void {
    for (let k = 1; k <= count; k++) {
      cleaner.forgetLater(`p${k}`);
      jest.advanceTimersByTime(1_000);
    }
  }

  it('leaves every entry for as long as a worker may need it', () => {
    cleaner.forgetLater('first');
    jest.advanceTimersByTime(KEEP - 1);
    cleaner.forgetLater('last');
    jest.advanceTimersByTime(KEEP);
    expect(deleteHistory).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(deleteHistory.mock.calls).toEqual([[['first', 'last']]]);
  });

  it('removes all of them within twice that time, each once and many with one request', () => {
    forgetOneEachSecond(180);
    jest.advanceTimersByTime(2 * KEEP);
    const groups = deleteHistory.mock.calls.map(([ids]) => ids);
    expect(groups.flat()).toEqual(Array.from({ length: 180 }, (_, k) => `p${k + 1}`));
    expect(groups.length).toBeLessThanOrEqual(4);
  });

  it('sends nothing when there is nothing to remove', () => {
    cleaner.forgetLater('only');
    jest.advanceTimersByTime(10 * KEEP);
    expect(deleteHistory).toHaveBeenCalledTimes(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('goes on when the server is away', async () => {
    deleteHistory.mockRejectedValueOnce(new Error('away'));
    cleaner.forgetLater('lost');
    await jest.advanceTimersByTimeAsync(2 * KEEP);
    cleaner.forgetLater('found');
    await jest.advanceTimersByTimeAsync(2 * KEEP);
    expect(deleteHistory.mock.calls).toEqual([[['lost']], [['found']]]);
  });

  it('is quiet once it is stopped', () => {
    cleaner.forgetLater('only');
    cleaner.stop();
    jest.advanceTimersByTime(10 * KEEP);
    expect(deleteHistory).not.toHaveBeenCalled();
  });
});
