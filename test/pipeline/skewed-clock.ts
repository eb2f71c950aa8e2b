/** Makes this process's clock go `by` milliseconds ahead, or behind if negative, until the returned function is called. */
export function skewClock(by: number): () => void {
  const TrueDate = globalThis.Date;
  class SkewedDate extends TrueDate {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [SkewedDate.now()] : given) as [number]));
    }

    static override [Symbol.hasInstance](value: unknown): boolean {
      return value instanceof TrueDate;
    }

    static override now(): number {
      return TrueDate.now() + by;
    }
  }
  globalThis.Date = SkewedDate as DateConstructor;
  return () => void (globalThis.Date = TrueDate);
}
