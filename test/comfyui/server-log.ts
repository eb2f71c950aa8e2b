import { EventEmitter } from 'node:events';
import type { Recipe } from './picture.js';

/** One job that the worker took up. Times are milliseconds since 1970, with fractions. */
export interface Execution {
  promptId: string;
  clientId: string | null;
  /** Of its first sampler, null until that has started. */
  text: string | null;
  seed: number | null;
  startedAt: number;
  endedAt: number | null;
  /** `killed`: the server or its worker died over it. */
  outcome: 'running' | 'success' | 'error' | 'interrupted' | 'killed';
  /** Every picture that was really sampled to its end: empty when all came from the cache. */
  pictures: Recipe[];
}

export interface RequestRecord {
  at: number;
  method: string;
  /** Without query and without the prefix /api. */
  path: string;
  query: string;
  body: string;
  /** Null while unanswered, and for good when the connection was closed instead. */
  status: number | null;
}

/** What one server was asked and what it did, through all its restarts. Emits `request`, `started` and, when all is
 * said about a job, `ended` with the record, and `history` when that was written. */
export class ServerLog extends EventEmitter {
  readonly executions: Execution[] = [];
  readonly requests: RequestRecord[] = [];

  constructor() {
    super();
    this.setMaxListeners(0);
  }

  request(record: RequestRecord): void {
    this.requests.push(record);
    this.emit('request', record);
  }

  started(promptId: string, clientId: string | null): Execution {
    const execution: Execution = {
      promptId,
      clientId,
      text: null,
      seed: null,
      startedAt: now(),
      endedAt: null,
      outcome: 'running',
      pictures: [],
    };
    this.executions.push(execution);
    this.emit('started', execution);
    return execution;
  }

  ended(execution: Execution, outcome: Execution['outcome']): void {
    execution.endedAt = now();
    execution.outcome = outcome;
  }

  /** Share of the time between the first start and the last end in which a job ran; 0 before the first end. */
  busyFraction(): number {
    const done = this.executions.filter((one) => one.endedAt !== null);
    if (done.length === 0) return 0;
    const busy = done.reduce((sum, one) => sum + one.endedAt! - one.startedAt, 0);
    return busy / (Math.max(...done.map((one) => one.endedAt!)) - Math.min(...done.map((one) => one.startedAt)));
  }
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
