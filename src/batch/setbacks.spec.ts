import { retryDelay } from './setbacks.js';

describe('the pause before the next try', () => {
  const longest = (failingFor: number) => retryDelay(failingFor, () => 1);
  const shortest = (failingFor: number) => retryDelay(failingFor, () => 0);

  it('begins at half a second and is never more than half a minute', () => {
    expect([0, 499, 500].map(longest)).toEqual([500, 500, 500]);
    expect([30_000, 3_600_000].map(longest)).toEqual([30_000, 30_000]);
  });

  it('is as long as the stage has been failing, so that the time doubles with each try', () => {
    expect([1_000, 2_000, 16_000].map(longest)).toEqual([1_000, 2_000, 16_000]);
  });

  it('is shortened by chance, by half at most', () => {
    expect([0, 2_000, 100_000].map(shortest)).toEqual([250, 1_000, 15_000]);
    const pauses = Array.from({ length: 50 }, () => retryDelay(2_000));
    expect(new Set(pauses).size).toBeGreaterThan(1);
    expect(pauses.every((pause) => pause >= 1_000 && pause <= 2_000)).toBe(true);
  });
});
