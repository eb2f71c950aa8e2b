import { Injectable } from '@nestjs/common';
import { setMaxListeners } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Config } from '../config/config.js';

/** How long handing back may take once the time is up. Milliseconds. */
export const HAND_BACK = 3_000;

/** The working time of this process: at shutdown no new work is begun, and what is in flight has SHUTDOWN_TIMEOUT to finish. */
@Injectable()
export class Shift {
  private readonly controller = new AbortController();
  private readonly leaving = new AbortController();
  private late?: Promise<void>;

  constructor(private readonly config: Config) {
    setMaxListeners(0, this.leaving.signal);
  }

  /** Aborts when the time to finish is up: what is still in flight then is handed back. */
  get over(): AbortSignal {
    return this.controller.signal;
  }

  get isEnding(): boolean {
    return this.late !== undefined;
  }

  /** Resolves with the work, or without it when it has not even been handed back in time: what hangs does not hold up the end. */
  orLeave(work: Promise<void>): Promise<void> {
    const { signal } = this.leaving;
    return new Promise((resolve, reject) => {
      const leave = () => resolve();
      signal.addEventListener('abort', leave, { once: true });
      void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  /** Waits for workers to end, but not for ever: what hangs after the time is up is left to the rescuer. */
  async finish(ending: Promise<unknown>): Promise<void> {
    await Promise.race([ending, this.end()]);
  }

  /** Nothing new is begun from now on. Resolves when the time to hand back is over, too. */
  end(): Promise<void> {
    this.late ??= this.runOut();
    return this.late;
  }

  private async runOut(): Promise<void> {
    await setTimeout(this.config.SHUTDOWN_TIMEOUT, undefined, { ref: false });
    this.controller.abort(new ShiftOverError());
    await setTimeout(HAND_BACK, undefined, { ref: false });
    this.leaving.abort();
  }
}

export class ShiftOverError extends Error {
  constructor() {
    super('The service is shutting down.');
    this.name = 'ShiftOverError';
  }
}
