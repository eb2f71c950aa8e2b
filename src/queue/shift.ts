import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';

/** The working time of this process: at shutdown no new work is begun, and what is in flight has SHUTDOWN_TIMEOUT to finish. */
@Injectable()
export class Shift {
  private readonly controller = new AbortController();
  private timer?: NodeJS.Timeout;

  constructor(private readonly config: Config) {}

  /** Aborts when the time to finish is up: what is still in flight then is handed back. */
  get over(): AbortSignal {
    return this.controller.signal;
  }

  get isEnding(): boolean {
    return this.timer !== undefined;
  }

  end(): void {
    this.timer ??= setTimeout(() => this.controller.abort(new ShiftOverError()), this.config.SHUTDOWN_TIMEOUT).unref();
  }
}

export class ShiftOverError extends Error {
  constructor() {
    super('The service is shutting down.');
    this.name = 'ShiftOverError';
  }
}
