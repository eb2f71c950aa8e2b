import { Command } from 'commander';

/** `filmroll start`: the service, as `npm start` runs it. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('Runs the service until Ctrl-C: API, workers, and the embedded database unless DATABASE_URL is set.')
    .action(async () => void (await import('../../main.js')));
}
