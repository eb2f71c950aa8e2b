import { Injectable } from '@nestjs/common';
import { setTimeout } from 'node:timers/promises';
import { Config } from '../config/config.js';

/** How long handing back may take once the time is up. Milliseconds. */
const HAND_BACK = 3_000;

/** The working time of this process: at shutdown no new work is begun, and what is in flight has SHUTDOWN_TIMEOUT to finish. */
@Injectable()
export class Shift {
  private readonly controller = new AbortController();
  private ending = false;

  constructor(private readonly config: Config) {}

  /** Aborts when the time to finish is up: what is still in flight then is handed back. */
  get over(): AbortSignal {
    return this.controller.signal;
  }

  get isEnding(): boolean {
    return this.ending;
  }

  /** Waits for workers to end, but not for ever: what hangs after the time is up is left to the rescuer. */
  async finish(ending: Promise<unknown>): Promise<void> {
    this.end();
    const patience = new AbortController();
    const late = setTimeout(this.config.SHUTDOWN_TIMEOUT + HAND_BACK, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([ending, late]);
    patience.abort();
  }

  end(): void {
    if (this.ending) return;
    this.ending = true;
    void setTimeout(this.config.SHUTDOWN_TIMEOUT, undefined, { ref: false }).then(() => this.controller.abort(new ShiftOverError()));
  }
}

export class ShiftOverError extends Error {
  constructor() {
    super('The service is shutting down.');
    this.name = 'ShiftOverError';
  }
}
