/** Numbers in [0, 1) that are the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One bad moment: off until told when to happen. `struck` counts how often it did, so that a test can prove that it was there at all. */
export class Switch {
  struck = 0;
  private remaining = 0;
  private probability = 0;
  private routes: string[] = [];

  constructor(private readonly random: () => number) {}

  /** The next n times. */
  next(n: number): this {
    this.remaining = n;
    return this;
  }

  withProbability(probability: number): this {
    this.probability = probability;
    return this;
  }

  always(): this {
    return this.withProbability(1);
  }

  never(): this {
    this.remaining = 0;
    return this.withProbability(0);
  }

  /** Only on these routes, such as '/view' or 'POST /prompt'; without this on all. */
  on(...routes: string[]): this {
    this.routes = routes;
    return this;
  }

  /** Asked by the server at the moment in question. */
  strikes(method = '', path = ''): boolean {
    if (!this.concerns(method, path)) return false;
    const hit = this.remaining > 0 || (this.probability > 0 && this.random() < this.probability);
    if (this.remaining > 0) this.remaining--;
    if (hit) this.struck++;
    return hit;
  }

  private concerns(method: string, path: string): boolean {
    return this.routes.length === 0 || this.routes.some((route) => `${method} ${path}`.startsWith(route) || path.startsWith(route));
  }
}
