import { Doorbell } from '../queue/doorbell.js';
import { Shift } from '../queue/shift.js';
import { Ledger } from './ledger.js';
import { LateWorkerError } from './open-batch.js';
import { Outcomes } from './outcomes.js';
import { Setbacks } from './setbacks.js';

const SECOND = 1_000;

describe('the outcome of a stage', () => {
  let shift: AbortController;
  let outcomes: Outcomes;
  let tries: number;

  beforeEach(() => {
    jest.useFakeTimers();
    shift = new AbortController();
    outcomes = new Outcomes({} as Ledger, {} as Setbacks, {} as Doorbell, { over: shift.signal } as Shift);
    tries = 0;
  });

  afterEach(() => jest.useRealTimers());

  /** A database that is away for good. */
  async function write(): Promise<string> {
    throw new Error(`away at try ${++tries}`);
  }

  /** What became of it, and after how many milliseconds of the test's clock. */
  function settled<T>(persisted: Promise<T>): { value?: T; error?: Error; after?: number } {
    const [seen, started]: [{ value?: T; error?: Error; after?: number }, number] = [{}, performance.now()];
    void persisted
      .then(
        (value) => Object.assign(seen, { value }),
        (error: Error) => Object.assign(seen, { error }),
      )
      .then(() => Object.assign(seen, { after: performance.now() - started }));
    return seen;
  }

  it('is written as soon as the database is back', async () => {
    const seen = settled(outcomes.persist(async () => (tries === 4 ? 'written' : write())));
    await jest.advanceTimersByTimeAsync(5 * SECOND);
    expect(seen).toMatchObject({ value: 'written' });
  });

  it('is given up after a minute, with the error of the last try', async () => {
    const seen = settled(outcomes.persist(write));
    await jest.advanceTimersByTimeAsync(59 * SECOND);
    expect(seen).toEqual({});
    await jest.advanceTimersByTimeAsync(2 * SECOND);
    expect(seen.error?.message).toBe(`away at try ${tries}`);
    expect(tries).toBeGreaterThan(10);
  });

  it('is given up 5 s after the end of the shift, though it began before, with the error of the last try', async () => {
    const seen = settled(outcomes.persist(write));
    await jest.advanceTimersByTimeAsync(20 * SECOND);
    shift.abort(new Error('the shift is over'));
    await jest.advanceTimersByTimeAsync(4 * SECOND);
    expect(seen).toEqual({});
    await jest.advanceTimersByTimeAsync(SECOND);
    expect(seen).toEqual({ error: new Error(`away at try ${tries}`), after: 25 * SECOND });
  });

  it('counts as written when its last try ends well, however late', async () => {
    let commit: (value: string) => void = () => undefined;
    const seen = settled(outcomes.persist(() => new Promise<string>((resolve) => (commit = resolve))));
    shift.abort();
    await jest.advanceTimersByTimeAsync(6 * SECOND);
    commit('written');
    await jest.advanceTimersByTimeAsync(0);
    expect(seen).toMatchObject({ value: 'written' });
  });

  it('is still tried once when the shift has long been over', async () => {
    shift.abort();
    await jest.advanceTimersByTimeAsync(10 * SECOND);
    await expect(outcomes.persist(write)).rejects.toThrow('away at try 1');
    await expect(outcomes.persist(async () => 'written')).resolves.toBe('written');
  });

  it('of a late worker is not tried again', async () => {
    const late = jest.fn().mockRejectedValue(new LateWorkerError('an image'));
    await expect(outcomes.persist(late)).rejects.toThrow(LateWorkerError);
    expect(late).toHaveBeenCalledTimes(1);
  });
});
