import { ConfigError } from '../config/config.js';
import { DataDirectoryError } from '../database/embedded-postgres/data-directory-error.js';
import { WorkflowFileError } from '../generation/workflows/workflow-errors.js';
import { RunningService } from './start.js';

/**
 * Runs the service until Ctrl-C or SIGTERM, which it has SHUTDOWN_TIMEOUT and a few seconds for; a second signal ends it at once. A start that fails says why in one line, without a stack,
 * and the process ends with 1.
 */
export async function runUntilSignal(start: () => Promise<RunningService>): Promise<void> {
  let service: RunningService | undefined;
  let ending = false;
  const end = (signal: NodeJS.Signals) => {
    if (ending) exitNow(service);
    ending = true;
    console.log(`${signal}: finishing what is in flight. Once more ends it at once.`);
    if (service) void close(service);
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    service = await start();
  } catch (error) {
    fail(error, 'Filmroll could not start');
  }
  if (ending) await close(service);
}

async function close(service: RunningService): Promise<never> {
  await service.close().catch((error: unknown) => fail(error, 'Filmroll did not end as it should'));
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
  const { code, port, address, message } = error as NodeJS.ErrnoException & { port?: number; address?: string };
  if (error instanceof ConfigError || error instanceof DataDirectoryError || error instanceof WorkflowFileError) return error.message;
  if (code === 'EADDRINUSE') return `Port ${port} of ${address} is taken by another program: stop it, or set PORT to another one.`;
  if (code === 'EADDRNOTAVAIL') return `HOST ${address} is no address of this machine.`;
  if (code === 'ECONNREFUSED') return `Nothing answers at ${address}:${port}: is the database (DATABASE_URL) or Redis (REDIS_URL) running?`;
  return `${what}: ${message}`;
}
