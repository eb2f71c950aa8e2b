import { Command } from 'commander';
import type { WatchOptions } from '../watch-batch.js';
import { addServiceOptions, WATCHING } from './service-options.js';

/** `filmroll watch`: a batch of a running service, until it has ended. */
export function addWatch(program: Command): void {
  const command = program
    .command('watch')
    .argument('<batch>', 'id of the batch')
    .description('Watches a batch of a running service from its first event until it has ended.');
  addServiceOptions(command)
    .addHelpText('after', WATCHING)
    .action(async (batchId: string, options: WatchOptions) => (await import('../watch.js')).watch(batchId, options));
}
