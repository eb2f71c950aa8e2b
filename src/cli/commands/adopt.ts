import { Command, InvalidArgumentError } from 'commander';
import type { AdoptOptions } from '../adopt.js';

const DETAILS = `
Use it when the database was lost or restored from a backup and storage still has the pictures (images fail with PUBLIC_ID_TAKEN),
or to go on after pictures of another scheme: with 120 of them, --above 120 makes the next index 121.

Without --apply nothing is changed. Indices only ever go up; a running service can go on meanwhile.
Ends with 0 when it is done, 2 when it could not be done, 130 when it was stopped: then the same command goes on where it was.`;

/** `filmroll adopt`: raises series above what storage holds. */
export function addAdopt(program: Command): void {
  const command = program
    .command('adopt')
    .description('Raises a series above the names that storage holds, so that new batches get free ones.')
    .option('--username <name>', 'the user of the series')
    .option('--character <name>', 'the character of the series')
    .option('--all', 'every series of the ledger instead of one')
    .option('--above <index>', 'raise it above this index in any case', wholeNumber, 0)
    .option('--apply', 'do it; without this it only says what it would do')
    .option('--fresh', 'begin anew, even if it was stopped before')
    .addHelpText('after', DETAILS);
  command.action(async (options: AdoptOptions) => {
    const fault = faultOf(options);
    if (fault) command.error(`error: ${fault}`);
    await (await import('../adopt.js')).adopt(options);
  });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

function faultOf({ username, character, all, above }: AdoptOptions): string | null {
  const one = username !== undefined && character !== undefined;
  if (!all) return one ? null : 'name the series with --username and --character, or take --all';
  if (username !== undefined || character !== undefined) return '--all goes without --username and --character';
  return above > 0 ? '--above is for one series' : null;
}
