import { Client, DatabaseError } from 'pg';
import { ROLE } from './cluster.js';

/** A database session that tells when it has ended. */
export interface Session {
  client: Client;
  port: number;
  /** Resolves when the connection is gone, for whatever reason. */
  ended: Promise<void>;
}

/** Logs in at `port`; null while the server is starting or stopping. Throws when it does not let us in. Waits for a lock no longer than a second. */
export async function openSession(port: number, password: string): Promise<Session | null> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: ROLE,
    password,
    database: 'postgres',
    ssl: false,
    application_name: 'filmroll-holder',
    options: '-c lock_timeout=1000',
    connectionTimeoutMillis: 5_000,
    query_timeout: 60_000,
  });
  client.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => client.once('end', resolve));
  try {
    await client.connect();
    return { client, port, ended };
  } catch (error) {
    void client.end();
    if (wasCut(error)) return null;
    throw error;
  }
}

/** Whether `error` says that the server or the connection went away, rather than that a statement failed. */
export function wasCut(error: unknown): boolean {
  const { code } = error as { code?: string };
  if (error instanceof DatabaseError) return code?.startsWith('57P') ?? false;
  return code?.startsWith('E') || /^Connection terminated|not queryable/.test((error as Error).message);
}
