import { codedError } from '../app/coded-error.js';
import { faultLine } from '../app/run.js';
import { ServiceUnavailableError } from '../api/errors.js';
import { StorageUnreadableError, UnknownSeriesError, WalkInProgressError } from '../audit/audit-errors.js';
import { EXIT, runStoppable } from './stoppable.js';

const TOLD_AS_THEY_ARE = [StorageUnreadableError, UnknownSeriesError, WalkInProgressError];

/** Runs a command that works on the database of the settings, see runStoppable: 2 when it could not be done, after saying why in one line. */
export async function runCommand(whenStopped: string, work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  await runStoppable(
    work,
    () => whenStopped,
    (error) => ({ message: faultOf(error), code: EXIT.impossible }),
  );
  // Nest hands out nothing to close of what did not come up, and its connections would keep the process alive.
  if (process.exitCode === EXIT.impossible || process.exitCode === EXIT.stopped) process.exit();
}

function faultOf(error: unknown): string {
  if (TOLD_AS_THEY_ARE.some((known) => error instanceof known)) return (error as Error).message;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ECONNREFUSED' && codedError(error) instanceof ServiceUnavailableError)
    return 'The database cannot be reached, or has gone away. When it is back, the same command goes on.';
  return faultLine(error, 'This could not be done');
}
