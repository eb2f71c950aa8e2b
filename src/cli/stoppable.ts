/** How a command ends, for cron and for scripts. */
export const EXIT = { ok: 0, findings: 1, impossible: 2, unreachable: 3, stopped: 130 };

/** What a command says and ends with when it did not do its work. */
export interface Fault {
  message: string;
  code: number;
}

/**
 * Runs a command to its end and sets the exit code that `work` resolves with, or that of the fault, after saying it; 130 when Ctrl-C or SIGTERM has
 * stopped it, after saying `whenStopped`. A second signal ends it at once.
 */
export async function runStoppable(
  work: (signal: AbortSignal) => Promise<number>,
  whenStopped: () => string,
  faultOf: (error: unknown) => Fault,
): Promise<void> {
  const stop = new AbortController();
  const end = () => (stop.signal.aborted ? process.exit(EXIT.stopped) : stop.abort(new Error('Stopped.')));
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    process.exitCode = await work(stop.signal);
  } catch (error) {
    const { message, code } = stop.signal.aborted ? { message: whenStopped(), code: EXIT.stopped } : faultOf(error);
    console.error(message);
    process.exitCode = code;
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
}
