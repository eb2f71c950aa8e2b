import { WorkerOptions } from 'bullmq';

/**
 * A job whose worker died is rung again after seconds, not after BullMQ's 30 s, and a worker whose backend was away for a moment listens
 * again after one second, not after 15 s. How often a job's worker died is counted in the image's row and not here.
 */
export const WORKER_OPTIONS: Omit<WorkerOptions, 'connection'> = {
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: 1_000,
  runRetryDelay: 1_000,
};
