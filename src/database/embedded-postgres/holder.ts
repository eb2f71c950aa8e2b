import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Cluster } from './cluster.js';
import { DataDirectoryInUseError } from './data-directory-error.js';
import { connect, signalServer, stopServer } from './server.js';
import { type Session, wasCut } from './session.js';

export const DATABASE = 'filmroll';

const START_TIMEOUT = 120_000;
/** Any number will do, as long as it stays the same. */
const LOCK = 1_179_208_018;

/**
 * Makes this process the only holder of a cluster, by an advisory lock in a session that lasts as long as the process does. Should the session
 * be cut the lock is taken again, and a server that died is started again on the same port.
 */
export class Holder {
  private readonly logger = new Logger('EmbeddedPostgres');
  private readonly stopping = new AbortController();
  private readonly watching: Promise<void>;
  private recovery: Promise<void> | undefined;
  private heldByAnother = false;

  private constructor(
    private readonly cluster: Cluster,
    private session: Session,
  ) {
    this.watching = this.watch();
  }

  /** Starts or adopts the server, takes the lock, sees to the database. Throws `DataDirectoryInUseError` while another living process holds it. */
  static async take(cluster: Cluster): Promise<Holder> {
    return new Holder(cluster, await hold(cluster, undefined, AbortSignal.timeout(START_TIMEOUT)));
  }

  get port(): number {
    return this.session.port;
  }

  /** Stops the server and holds the cluster until it is gone, so that nobody adopts it meanwhile; leaves it to another process that holds it by now. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.recovery;
    if (!this.heldByAnother) await stopServer(this.cluster);
    void this.session.client.end();
    await this.watching;
  }

  /** The server ends by itself a moment later; should it not, the next start adopts it. */
  abandon(): void {
    this.stopping.abort();
    if (!this.heldByAnother) signalServer(this.cluster);
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await this.session.ended;
      if (this.stopping.signal.aborted) return;
      this.logger.warn('The connection to the database was cut; restoring it');
      this.recovery = this.takeAgain(this.stopping.signal);
      await this.recovery;
    }
  }

  private async takeAgain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.session = await hold(this.cluster, this.port, AbortSignal.any([signal, AbortSignal.timeout(START_TIMEOUT)]));
        this.heldByAnother = false;
        return this.logger.log('The database is back');
      } catch (error) {
        this.heldByAnother = error instanceof DataDirectoryInUseError;
        if (!signal.aborted) this.logger.error((error as Error).message);
        await pause(5_000, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

/** A session that has the lock, with a server on `port` if that is given. A server that is just being stopped cuts it off: then again. */
async function hold(cluster: Cluster, port: number | undefined, signal: AbortSignal): Promise<Session> {
  for (;;) {
    const session = await connect(cluster, port, signal);
    try {
      if (port !== undefined && session.port !== port) throw new DataDirectoryInUseError(cluster.dataDir);
      await lock(session, cluster.dataDir);
      await ensureDatabase(session).catch(async (error) => {
        await stopServer(cluster);
        throw error;
      });
      return session;
    } catch (error) {
      void session.client.end();
      if (!wasCut(error)) throw error;
    }
  }
}

/** Waits for it, because the lock of a process that was just killed takes a moment to go. */
async function lock({ client }: Session, dataDir: string): Promise<void> {
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
  } catch (error) {
    const LOCK_NOT_AVAILABLE = '55P03';
    throw (error as { code?: string }).code === LOCK_NOT_AVAILABLE ? new DataDirectoryInUseError(dataDir) : error;
  }
}

async function ensureDatabase({ client }: Session): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
}
