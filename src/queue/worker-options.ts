import { WorkerOptions } from 'bullmq';

/**
 * A job whose worker died is rung again after seconds, not after BullMQ's 30 s; how often that happens is counted in the image's row
 * and not here.
 */
export const WORKER_OPTIONS: Omit<WorkerOptions, 'connection'> = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 1_000 };
