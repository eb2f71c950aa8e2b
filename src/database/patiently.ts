import pRetry from 'p-retry';

/** Reads from the database, waiting out its absence with growing pauses and jitter, for as long as `signal` lets it. */
export function patiently<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return pRetry(read, { retries: Infinity, minTimeout: 100, maxTimeout: 5_000, randomize: true, signal });
}
