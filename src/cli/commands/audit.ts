import { Command } from 'commander';
import type { AuditOptions } from '../audit.js';

const DETAILS = `
Finds: missing    UPLOADED in the ledger, but not in storage
       different  UPLOADED, but storage holds other bytes under its name
       taken      not uploaded, and storage holds other bytes under its name
       unknown    in storage under our prefix, but not in the ledger
       duplicate  the same bytes under several names
Storage and ledger are only read. What changes meanwhile is looked at once more, so a running service gives no false alarm.

Ends with 0 when nothing was found, 1 when something was, 2 when it could not be done, 130 when it was stopped:
then the same command goes on where it was, for a day. For cron: filmroll audit --json > report.json || mail …`;

/** `filmroll audit`: ledger against storage against hashes. */
export function addAudit(program: Command): void {
  const command = program
    .command('audit')
    .description('Compares what the ledger says with what storage holds.')
    .option('--username <name>', 'only the series of this user and --character')
    .option('--character <name>', 'only the series of this character and --username')
    .option('--json', 'one JSON object on stdout, with every finding')
    .option('--fresh', 'begin anew, even if an audit was stopped')
    .addHelpText('after', DETAILS);
  command.action(async (options: AuditOptions) => {
    const { username, character } = options;
    if ((username === undefined) !== (character === undefined)) command.error('error: --username and --character go together');
    await (await import('../audit.js')).audit(options);
  });
}
