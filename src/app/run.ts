import { ConfigError } from '../config/config.js';
import { DataDirectoryError } from '../database/embedded-postgres/data-directory-error.js';
import { WorkflowFileError } from '../generation/workflows/workflow-errors.js';
import { RunningService } from './start.js';

/**
 * Runs the service until Ctrl-C or SIGTERM, which it has SHUTDOWN_TIMEOUT and a few seconds for; a second signal ends it at once. `onReady` is called when it
 * runs, with what the first signal aborts. A start that fails says why in one line, without a stack, and the process ends with 1.
 */
export async function runUntilSignal(
  start: () => Promise<RunningService>,
  onReady: (service: RunningService, stopping: AbortSignal) => void,
): Promise<void> {
  let service: RunningService | undefined;
  const stopping = new AbortController();
  const end = (signal: NodeJS.Signals) => {
    if (stopping.signal.aborted) exitNow(service);
    stopping.abort(new Error('Stopped.'));
    console.log(`${signal}: finishing what is in flight. Once more ends it at once.`);
    if (service) void stop(service);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    service = await start();
  } catch (error) {
    fail(error, 'Filmroll could not start');
  }
  if (stopping.signal.aborted) await stop(service);
  else onReady(service, stopping.signal);
}

async function stop(service: RunningService): Promise<never> {
  await service.close().catch((error: unknown) => fail(error, 'Filmroll could not stop cleanly'));
  process.exit(0);
}

/** What was in flight is taken up by the other workers, or by the next start. */
function exitNow(service: RunningService | undefined): never {
  try {
    service?.abandon();
  } finally {
    process.exit(130);
  }
}

function fail(error: unknown, what: string): never {
  console.error(faultLine(error, what));
  process.exit(1);
}

/** What a person needs to know about something that failed, in one line; `what` begins it when the error itself does not say. */
export function faultLine(error: unknown, what: string): string {
  const { code, port, address, hostname, message } = error as NodeJS.ErrnoException & {
    port?: number;
    address?: string;
    hostname?: string;
  };
  if (error instanceof ConfigError || error instanceof DataDirectoryError || error instanceof WorkflowFileError) return error.message;
  if (code === 'EADDRINUSE') return `Port ${port} of ${address} is taken by another program: stop it, or set PORT to another one.`;
  if (code === 'EADDRNOTAVAIL') return `HOST ${address} is no address of this machine.`;
  if (code === 'ECONNREFUSED') return `Nothing answers at ${address}:${port}: is the database (DATABASE_URL) or Redis (REDIS_URL) running?`;
  if (code === 'ENOTFOUND') return `There is no host ${hostname}: is its name right in DATABASE_URL, REDIS_URL or HOST?`;
  return `${what}: ${message}`;
}
