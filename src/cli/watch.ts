import { watchBatch, WatchOptions } from './watch-batch.js';

/** Watches a batch from its first event until it has ended. */
export function watch(batchId: string, options: WatchOptions): Promise<void> {
  return watchBatch(options, 'Nothing was changed.', (client) => client.batch(batchId));
}
