import { setTimeout as sleep } from 'node:timers/promises';

/** A wait of ours took longer than it may. */
export class DeadlineError extends Error {
  constructor(readonly milliseconds: number) {
    super(`No answer within ${milliseconds / 1000} s.`);
    this.name = 'DeadlineError';
  }
}

/**
 * Runs `work` with a signal that fires after `milliseconds` (with `DeadlineError`) or when `signal` does (with its reason); `work` may call
 * `alive` to be given as long again. Written out because AbortSignal.any of Node 20 keeps every source alive.
 */
export async function withDeadline<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal, alive: () => void) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  const timer = setTimeout(() => controller.abort(new DeadlineError(milliseconds)), milliseconds);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal, () => timer.refresh());
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Settles like `work`, or rejects with the signal's reason as soon as it is aborted; `work` itself goes on. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Waits; rejects as soon as the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}

/** The `n`-th pause (from 1) of a row that doubles from `first` up to `longest`, ±25 % so that many clients do not come at once. */
export function growingPause(n: number, first: number, longest: number): number {
  return Math.min(longest, first * 2 ** Math.min(n - 1, 30)) * (0.75 + Math.random() / 2);
}
