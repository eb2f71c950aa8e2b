import { setImmediate } from 'node:timers/promises';

/** Time that passes only when a test says so: every wait ends with one `step`. Hand its `pace` to the server. */
export class Stepper {
  private readonly waiting: (() => void)[] = [];

  readonly pace = (ms: number, signal: AbortSignal): Promise<void> => {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.waiting.splice(this.waiting.indexOf(goOn), 1);
        reject(signal.reason);
      };
      const goOn = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      signal.addEventListener('abort', stop, { once: true });
      this.waiting.push(goOn);
    });
  };

  get isHolding(): boolean {
    return this.waiting.length > 0;
  }

  /** Ends the oldest wait; false when nobody waits. */
  step(): boolean {
    const next = this.waiting.shift();
    next?.();
    return next !== undefined;
  }

  /** Ends so many waits, one after the other, each as soon as somebody waits. */
  async steps(count: number): Promise<void> {
    for (let done = 0; done < count;) {
      if (this.step()) done++;
      await setImmediate();
    }
  }
}
