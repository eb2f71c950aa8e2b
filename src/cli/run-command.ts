import { codedError } from '../app/coded-error.js';
import { faultLine } from '../app/run.js';
import { ServiceUnavailableError } from '../api/errors.js';
import { StorageUnreadableError, UnknownSeriesError, WalkInProgressError } from '../audit/audit-errors.js';

/** How a command ends, for cron and for scripts. */
export const EXIT = { ok: 0, findings: 1, impossible: 2, stopped: 130 };

const TOLD_AS_THEY_ARE = [StorageUnreadableError, UnknownSeriesError, WalkInProgressError];

/**
 * Runs a command to its end and sets the exit code that `work` resolves with: 2 when it could not be done, after saying why in one line; 130 when Ctrl-C or
 * SIGTERM has stopped it, after saying `whenStopped`. A second signal ends it at once.
 */
export async function runCommand(whenStopped: string, work: (signal: AbortSignal) => Promise<number>): Promise<void> {
  const stop = new AbortController();
  const end = () => (stop.signal.aborted ? process.exit(EXIT.stopped) : stop.abort(new Error('Stopped.')));
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    process.exitCode = await work(stop.signal);
  } catch (error) {
    console.error(stop.signal.aborted ? whenStopped : faultOf(error));
    process.exitCode = stop.signal.aborted ? EXIT.stopped : EXIT.impossible;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}

function faultOf(error: unknown): string {
  if (TOLD_AS_THEY_ARE.some((known) => error instanceof known)) return (error as Error).message;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ECONNREFUSED' && codedError(error) instanceof ServiceUnavailableError)
    return 'The database cannot be reached, or has gone away. When it is back, the same command goes on.';
  return faultLine(error, 'This could not be done');
}
