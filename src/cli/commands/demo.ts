import { Command } from 'commander';

const DETAILS = `
It goes on serving until Ctrl-C; with --once it ends by itself, with 0 only if four different pictures are proven stored.`;

/** `filmroll demo`: the whole way of four pictures, shown. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('Starts Filmroll, asks it for four pictures through its own API, shows them being made and proves that they are stored.')
    .option('--once', 'end when they are stored')
    .addHelpText('after', DETAILS)
    .action(async ({ once = false }: { once?: boolean }) => (await import('../demo.js')).demo(once));
}
