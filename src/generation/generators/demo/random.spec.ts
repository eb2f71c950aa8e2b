import { Random } from './random.js';

describe('Random', () => {
  const numbers = (key: string, count = 20_000) => {
    const random = new Random(key);
    return Array.from({ length: count }, () => random.next());
  };

  it('gives the same numbers for the same key, others for another', () => {
    expect(numbers('a', 50)).toEqual(numbers('a', 50));
    expect(numbers('b', 50)).not.toEqual(numbers('a', 50));
    expect(new Random('a').part('b').next()).toBe(new Random('a').part('b').next());
    expect(new Random('a').part('b').next()).not.toBe(new Random('a').part('c').next());
  });

  it('spreads them evenly from 0 to 1', () => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (const number of numbers('spread')) tenths[Math.floor(number * 10)]++;

    expect(Math.min(...tenths)).toBeGreaterThan(1_800);
    expect(Math.max(...tenths)).toBeLessThan(2_200);
  });

  it('picks every item of a list, and nothing else', () => {
    const random = new Random('list');
    const picked = Array.from({ length: 500 }, () => random.pick(['a', 'b', 'c']));

    expect(new Set(picked)).toEqual(new Set(['a', 'b', 'c']));
  });
});
