import { Config } from '../config/config.js';
import { DataDirectoryInUseError } from '../database/embedded-postgres/data-directory-error.js';
import { EmbeddedPostgres } from '../database/embedded-postgres/embedded-postgres.js';
import { findRunningServer } from '../database/embedded-postgres/running-server.js';

export interface OpenDatabase {
  url: string;
  /** Stops what was started for us; leaves alone what ran before. */
  close(): Promise<void>;
}

/** The database of the settings: yours, the embedded one of a service that runs, or else the embedded one, started for as long as it is needed. */
export async function openDatabase(config: Config): Promise<OpenDatabase> {
  if (config.DATABASE_URL) return asGuest(config.DATABASE_URL);
  const running = await findRunningServer(config.DATA_DIR);
  if (running) return asGuest(running);
  try {
    const own = await EmbeddedPostgres.start(config.DATA_DIR);
    return { url: own.url, close: () => own.stop() };
  } catch (error) {
    // A service was started in the meantime.
    const started = error instanceof DataDirectoryInUseError ? await findRunningServer(config.DATA_DIR) : null;
    if (started) return asGuest(started);
    throw error;
  }
}

function asGuest(url: string): OpenDatabase {
  return { url, close: () => Promise.resolve() };
}
