import { Injectable } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import pRetry from 'p-retry';
import { AssetPage, AssetStorage, StorageRejectedError, StoredAsset } from '../upload/asset-storage.js';
import { StorageUnreadableError } from './audit-errors.js';

/** One call takes no longer. Milliseconds. */
const CALL_TIMEOUT = 120_000;
/** Storage is asked again after so long even if it named a later moment, for clocks may be wrong. Milliseconds. */
const LONGEST_WAIT = 3_600_000;
/** So that many who wait for the same moment do not all come at once. Milliseconds. */
const JITTER = 1_000;

export interface Patience {
  signal: AbortSignal;
  /** Is told when storage wants to be left alone until then. */
  onWait(until: Date): void;
  /** Is told when storage has failed twice in a row and is tried again. */
  onTrouble(error: Error): void;
}

/** Reads storage, waiting out its failures for a few minutes and its rate limits for as long as it says. */
@Injectable()
export class PatientStorage {
  constructor(private readonly storage: AssetStorage) {}

  get place(): string {
    return this.storage.place;
  }

  /** A page of assets. Throws `StorageRejectedError` when it will never give this one, `StorageUnreadableError` when it does not come back, and the signal's reason. */
  list(prefix: string, cursor: string | null, patience: Patience): Promise<AssetPage> {
    return patiently((signal) => this.storage.list(prefix, cursor, signal), patience);
  }

  /** What is stored as `publicId`, or null; throws as `list` does. */
  stat(publicId: string, patience: Patience): Promise<StoredAsset | null> {
    return patiently((signal) => this.storage.stat(publicId, signal), patience);
  }
}

async function patiently<T>(call: (signal: AbortSignal) => Promise<T>, patience: Patience): Promise<T> {
  const { signal } = patience;
  let waited = false;
  try {
    return await pRetry(() => call(AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT)])), {
      ...{ retries: 8, minTimeout: 500, maxTimeout: 60_000, randomize: true, signal },
      shouldRetry: ({ error }) => !(error instanceof StorageRejectedError),
      onFailedAttempt: async ({ error, attemptNumber }) => {
        waited = await waitForMoment(error, patience);
        if (attemptNumber === 2 && !waited) patience.onTrouble(error);
      },
      shouldConsumeRetry: () => !waited,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof StorageRejectedError ? error : new StorageUnreadableError(error as Error);
  }
}

/** Waits until storage says that it can be asked again; false at once when it does not say, or when that moment has passed already. */
async function waitForMoment(error: Error, patience: Patience): Promise<boolean> {
  const { retryAt } = error as { retryAt?: unknown };
  if (!(retryAt instanceof Date) || retryAt.getTime() <= Date.now()) return false;
  patience.onWait(retryAt);
  const wait = Math.min(retryAt.getTime() - Date.now(), LONGEST_WAIT) + JITTER * Math.random();
  await pause(wait, undefined, { signal: patience.signal });
  return true;
}
