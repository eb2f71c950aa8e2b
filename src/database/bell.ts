/** Remembers a ring until somebody has heard it, so that none between two looks is missed. */
export class Bell {
  private rung = false;
  private wake = (): void => undefined;

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.ring(), { once: true });
  }

  ring(): void {
    this.rung = true;
    this.wake();
  }

  /** Resolves at the next ring, or after `patience` milliseconds without one. */
  async heard(patience: number): Promise<void> {
    if (!this.rung) await this.nextRing(patience * (0.8 + Math.random() * 0.4));
    this.rung = false;
  }

  private nextRing(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
