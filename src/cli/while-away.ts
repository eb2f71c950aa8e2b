import ms from 'ms';
import pRetry from 'p-retry';
import { Service } from './service.js';
import { ServiceAwayError, UnreachableError } from './service-errors.js';

/** Pauses between attempts. Milliseconds. */
const PAUSE = { minTimeout: 200, maxTimeout: 4_000, randomize: true };

export interface Watch {
  signal: AbortSignal;
  /** Told once for each time that the service goes away. */
  onAway: (notice: string) => void;
}

/** Makes the attempt again, with growing pauses, while it throws ServiceAwayError; UnreachableError once the service's patience is over. */
export async function whileAway<T>(attempt: () => Promise<T>, { url, patience }: Service, { signal, onAway }: Watch): Promise<T> {
  try {
    return await pRetry(attempt, {
      ...PAUSE,
      ...{ retries: Infinity, maxRetryTime: patience, signal },
      shouldRetry: ({ error }) => error instanceof ServiceAwayError,
      onFailedAttempt: ({ error, attemptNumber }) => {
        if (signal.aborted || attemptNumber > 1 || patience === 0 || !(error instanceof ServiceAwayError)) return;
        onAway(`${url} does not answer (${error.message}): trying again for up to ${ms(patience, { long: true })}.`);
      },
    });
  } catch (error) {
    throw error instanceof ServiceAwayError ? new UnreachableError(url, patience, error.message) : error;
  }
}
