import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ROLE } from './cluster.js';
import { DataDirectoryError, explain } from './data-directory-error.js';
import { DATABASE } from './holder.js';
import { isRunning, readPostmaster } from './postmaster.js';

/** How long a server may take to start or to stop. Milliseconds. */
const PATIENCE = 120_000;

/**
 * The address of the database whose server runs in `dataDir` already, for one more client of it; null when none runs. Takes no lock and starts and stops
 * nothing; waits while it starts, recovers or stops. Throws `DataDirectoryError` when that takes two minutes or we may not look.
 */
export async function findRunningServer(dataDir: string): Promise<string | null> {
  const home = join(dataDir, 'postgres');
  try {
    if (!statSync(join(home, 'data'), { throwIfNoEntry: false })) return null;
    const port = await readyPort(realpathSync(join(home, 'data')), dataDir);
    if (port === null) return null;
    return `postgres://${ROLE}:${readFileSync(join(home, 'password'), 'utf8')}@127.0.0.1:${port}/${DATABASE}`;
  } catch (error) {
    throw explain(dataDir, error);
  }
}

async function readyPort(directory: string, dataDir: string): Promise<number | null> {
  for (const deadline = Date.now() + PATIENCE; Date.now() < deadline; await pause(50)) {
    const postmaster = readPostmaster(directory);
    if (postmaster === null || !isRunning(postmaster.pid, directory)) return null;
    if (postmaster.ready) return postmaster.port;
  }
  throw new DataDirectoryError(`The database in ${dataDir} neither starts nor stops; look into postgres.log there`);
}
