import pg from 'pg';
import { type Cluster, openCluster, ROLE } from '../src/database/embedded-postgres/cluster.js';
import { isRunning, readPostmaster } from '../src/database/embedded-postgres/postmaster.js';
import { connect, stopServer } from '../src/database/embedded-postgres/server.js';
import type { Session } from '../src/database/embedded-postgres/session.js';
import { freePort } from './launch.js';

const DATABASE = 'chaos';
/** Milliseconds. */
const START_PATIENCE = 120_000;
const QUERY_PATIENCE = 60_000;

/** A PostgreSQL server of the harness, from the embedded binaries, which can be killed and started again on the same port. */
export class Postgres {
  private session?: Session;
  private pool?: pg.Pool;

  private constructor(
    private readonly cluster: Cluster,
    private readonly port: number,
  ) {}

  /** Makes the cluster in `folder` and starts it. Durable: what was committed before a kill must be there after it. */
  static async start(folder: string): Promise<Postgres> {
    const postgres = new Postgres(await openCluster(folder, true), await freePort());
    await postgres.start();
    await postgres.session?.client.query(`CREATE DATABASE ${DATABASE}`);
    return postgres;
  }

  /** For DATABASE_URL; `name` is what its sessions call themselves. */
  urlFor(name: string): string {
    return `postgres://${ROLE}:${this.cluster.password}@127.0.0.1:${this.port}/${DATABASE}?application_name=${name}`;
  }

  async start(): Promise<void> {
    this.session = await connect(this.cluster, this.port, AbortSignal.timeout(START_PATIENCE));
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const postmaster = readPostmaster(this.cluster.directory);
    if (!postmaster || !isRunning(postmaster.pid, this.cluster.directory)) return;
    process.kill(postmaster.pid, 'SIGKILL');
    await this.session?.ended;
  }

  /** Ends every session of the service. */
  async cut(): Promise<void> {
    await this.session?.client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${DATABASE}'`);
  }

  /** Rows of a query, on a connection of our own. */
  async query<Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    this.pool ??= openPool(this.urlFor('chaos'));
    return (await this.pool.query<Row>(sql, values)).rows;
  }

  /** For good. */
  async end(): Promise<void> {
    void this.pool?.end();
    await stopServer({ ...this.cluster, durable: false });
  }
}

function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: QUERY_PATIENCE, query_timeout: QUERY_PATIENCE });
  pool.on('error', () => undefined);
  return pool;
}
