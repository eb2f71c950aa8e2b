import { Logger } from '@nestjs/common';
import { StorageBusyError } from '../../asset-storage.js';
import { Pace } from './pace.js';

const never = new AbortController().signal;
const busy = () => Promise.reject(new StorageBusyError('slow down'));

describe('the pace of requests', () => {
  let pace: Pace;

  beforeEach(() => {
    Logger.overrideLogger(false);
    // What runs in the same turn is not time that passes.
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    pace = new Pace(8);
  });

  afterEach(() => jest.useRealTimers());

  it('is as fast as allowed, and no faster', async () => {
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
    };

    await Promise.all(Array.from({ length: 50 }, () => pace.run(never, work)));

    expect(most).toBe(8);
  });

  it('halves once for all that were under way when asked, and begins nothing for a while', async () => {
    await Promise.allSettled(Array.from({ length: 8 }, () => pace.run(never, busy)));
    let begun = false;
    const next = pace.run(never, async () => void (begun = true));
    await jest.advanceTimersByTimeAsync(499);

    expect([pace.atOnce, begun]).toEqual([4, false]);
    await jest.advanceTimersByTimeAsync(501);
    await next;
    expect(begun).toBe(true);
  });

  it('goes down to one, pauses for longer each time, and comes back with successes', async () => {
    const pauses: number[] = [];
    for (let k = 0; k < 9; k++) {
      const begun = Date.now();
      const asked = pace.run(never, busy).catch(() => undefined);
      await jest.runOnlyPendingTimersAsync();
      await asked;
      pauses.push(Date.now() - begun);
    }
    await jest.runOnlyPendingTimersAsync();

    expect(pace.atOnce).toBe(1);
    expect(Math.max(...pauses)).toBeGreaterThan(30_000 - 1);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
    for (let k = 0; k < 28; k++) await pace.run(never, async () => undefined);
    expect(pace.atOnce).toBe(8);
  });

  it('does not slow down for other failures', async () => {
    await expect(pace.run(never, () => Promise.reject(new Error('other')))).rejects.toThrow('other');

    expect(pace.atOnce).toBe(8);
  });

  it('gives up waiting for a turn when aborted', async () => {
    await pace.run(never, busy).catch(() => undefined);
    const abort = new AbortController();
    const waiting = pace.run(abort.signal, async () => undefined);

    abort.abort(new Error('enough'));

    await expect(waiting).rejects.toThrow('enough');
  });
});
