import { Command } from 'commander';

/** The options of every command that uses a running service. */
export function addServiceOptions(command: Command): Command {
  return command
    .option('--url <url>', 'where the service is; else FILMROLL_URL, else http://127.0.0.1:3000')
    .option(
      '--token <token>',
      'your token, where the service asks for one; better in FILMROLL_TOKEN, which other users of this machine do not see',
    )
    .option('--patience <time>', 'how long a service that does not answer is waited for, as in 0s, 60s or 10m', '60s')
    .option('--json', 'one JSON object a line on stdout, for programs');
}

/** What --json writes and how the command ends, for --help. */
export const WATCHING = `
On a terminal each picture has a bar; elsewhere there is a line for each event. A connection that is lost, and a service that is restarted,
is taken up again where it was. Ctrl-C ends the watching and not the batch: filmroll watch <batch> goes on.

--json writes, one object a line:
  {"type":"batch", id, username, character, count, status, images: [{position, index, seed, publicId}]}     first
  {"type":"event", number, position, index, status, batchStatus, at, url, error: {code, message} or null}   each event once, in order
  {"type":"summary", as batch, and counts; images with status, url, bytes, sha256 and error too}            last, and only at the end
Everything else is said on stderr.

Ends with 0 when all pictures are stored, 1 when some failed or were cancelled, 2 when the command or the request is wrong (the message
names the field), 3 when the service could not be reached, 130 when it was stopped.`;
