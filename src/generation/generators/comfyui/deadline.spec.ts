import { DeadlineError, growingPause, pause, unlessAborted, withDeadline } from './deadline.js';

const never = () => new Promise<never>(() => undefined);
/** Work that ends only with its signal. */
const listening = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

describe('withDeadline', () => {
  it('gives what the work gives', async () => {
    expect(await withDeadline(1_000, undefined, () => Promise.resolve(7))).toBe(7);
  });

  it('ends the work when the time is over', async () => {
    await expect(withDeadline(1, undefined, listening)).rejects.toEqual(new DeadlineError(1));
  });

  it('ends the work with the reason of its signal', async () => {
    const stop = new AbortController();
    const ended = withDeadline(60_000, stop.signal, listening);
    stop.abort(new Error('enough'));

    await expect(ended).rejects.toThrow('enough');
    await expect(withDeadline(60_000, stop.signal, () => Promise.resolve())).rejects.toThrow('enough');
  });

  it('gives as long again to work that is alive', async () => {
    jest.useFakeTimers();
    let alive = (): void => undefined;
    const ended = withDeadline(100, undefined, (signal, sayAlive) => {
      alive = sayAlive;
      return listening(signal);
    }).catch((error: Error) => error);
    let over = false;
    void ended.then(() => (over = true));

    await jest.advanceTimersByTimeAsync(90);
    alive();
    await jest.advanceTimersByTimeAsync(90);
    expect(over).toBe(false);
    await jest.advanceTimersByTimeAsync(10);
    expect(await ended).toBeInstanceOf(DeadlineError);
    jest.useRealTimers();
  });
});

test('unlessAborted and pause end with the signal', async () => {
  const stop = new AbortController();
  const both = [unlessAborted(never(), stop.signal), pause(60_000, stop.signal)].map((each) => each.catch((error: Error) => error.name));
  stop.abort();

  expect(await Promise.all(both)).toEqual(['AbortError', 'AbortError']);
  expect(await unlessAborted(Promise.resolve(1), new AbortController().signal)).toBe(1);
});

test('growingPause doubles up to its limit and scatters by a quarter', () => {
  for (const [n, middle] of [
    [1, 100],
    [2, 200],
    [3, 400],
    [4, 500],
    [5_000, 500],
  ]) {
    for (let i = 0; i < 50; i++) {
      const length = growingPause(n, 100, 500);
      expect(length).toBeGreaterThanOrEqual(middle * 0.75);
      expect(length).toBeLessThanOrEqual(middle * 1.25);
    }
  }
});
