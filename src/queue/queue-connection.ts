import { Redis } from 'ioredis';
import { ConnectionOptions, createPostgresBackend, runMigrations, setDefaultBackendFactory } from 'bullmq';
import pg from 'pg';
import { Config } from '../config/config.js';
import { SturdyClient } from '../database/sturdy-client.js';
import { TRANSACTION_SILENCE } from '../database/transaction.js';
import { useEndingRedis } from './ending-redis.js';

const SCHEMA = 'bullmq';

/** How long PostgreSQL may take to let us in, and BullMQ wait for one of its connections. Milliseconds. */
const CONNECTED_WITHIN = 10_000;
/** How long Redis may take to answer at the start. Milliseconds. */
const REDIS_PATIENCE = 5_000;
/** Longest pause before a lost Redis is tried again. Milliseconds. */
const RECONNECT_AT_MOST = 2_000;

/** Where BullMQ keeps its jobs: Redis when REDIS_URL is set, otherwise a schema of our own PostgreSQL. */
export class QueueConnection {
  private givenUp = false;

  private constructor(
    readonly options: ConnectionOptions | pg.Pool,
    private readonly pool?: pg.Pool,
  ) {}

  /**
   * Prepares the backend; must run before any queue is built, for BullMQ's choice of backend is one for the whole process. Throws when the
   * backend cannot be reached: what goes away later is waited for.
   */
  static async open(config: Config, databaseUrl: string): Promise<QueueConnection> {
    return config.REDIS_URL ? QueueConnection.onRedis(config.REDIS_URL) : QueueConnection.onPostgres(databaseUrl);
  }

  private static async onRedis(url: string): Promise<QueueConnection> {
    await knock(url);
    setDefaultBackendFactory();
    useEndingRedis();
    const retryStrategy = (times: number) => (connection.givenUp ? null : Math.min(100 * times, RECONNECT_AT_MOST));
    const connection = new QueueConnection({ url, retryStrategy });
    return connection;
  }

  private static async onPostgres(databaseUrl: string): Promise<QueueConnection> {
    // One pool for all queues and workers; each worker's LISTEN takes one of its connections for good.
    const pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 8,
      keepAlive: true,
      connectionTimeoutMillis: CONNECTED_WITHIN,
      options: `-c search_path=${SCHEMA}`,
      idle_in_transaction_session_timeout: TRANSACTION_SILENCE,
      Client: SturdyClient,
    });
    pool.on('error', () => undefined);
    await migrate(pool);
    setDefaultBackendFactory(createPostgresBackend as never);
    return new QueueConnection(pool, pool);
  }

  /** For a service that stops: a Redis that is away is not waited for any longer, so that nothing hangs on it. */
  giveUp(): void {
    this.givenUp = true;
  }

  async close(): Promise<void> {
    await this.pool?.end();
  }
}

async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

/** Throws, with the reason, when Redis does not answer. */
async function knock(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: REDIS_PATIENCE,
    commandTimeout: REDIS_PATIENCE,
  });
  let reason: Error | undefined;
  client.on('error', (error) => (reason ??= error));
  try {
    await client.connect();
    await client.ping();
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}
