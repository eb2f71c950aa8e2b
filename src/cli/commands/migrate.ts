import { Command } from 'commander';

/** `filmroll migrate`: brings the database up to date, as every start does. */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('Brings the database up to date and ends. Every start does the same; this is for those who deploy in steps.')
    .action(async () => (await import('../migrate.js')).migrate());
}
