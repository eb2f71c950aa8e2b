import { createHash } from 'node:crypto';

/**
 * Numbers that look random and follow from `key` alone, on every machine.
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), started from a SHA-256 of the key.
 */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(readonly key: string) {
    const digest = createHash('sha256').update(key).digest();
    [this.a, this.b, this.c, this.counter] = [0, 4, 8, 12].map((at) => digest.readInt32LE(at));
  }

  /** Another stream for one part of the picture, so that a change in one part leaves the others as they are. */
  part(name: string): Random {
    return new Random(`${this.key}/${name}`);
  }

  /** 0 ≤ n < 1 */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  /** Both ends included. */
  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)];
  }
}

/** Smooth noise over a line, -1…1, with one bump for each unit of `x`. */
export function noise(random: Random): (x: number) => number {
  const knots = Array.from({ length: 256 }, () => random.between(-1, 1));
  return (x) => {
    const cell = Math.floor(x);
    const t = x - cell;
    const blend = t * t * (3 - 2 * t);
    return knots[cell & 255] * (1 - blend) + knots[(cell + 1) & 255] * blend;
  };
}
