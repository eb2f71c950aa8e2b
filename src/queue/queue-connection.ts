import { ConnectionOptions, createPostgresBackend, runMigrations, setDefaultBackendFactory } from 'bullmq';
import pg from 'pg';
import { Config } from '../config/config.js';
import { SturdyClient } from '../database/sturdy-client.js';

const SCHEMA = 'bullmq';

/** Where BullMQ keeps its jobs: Redis when REDIS_URL is set, otherwise a schema of our own PostgreSQL. */
export class QueueConnection {
  private constructor(
    readonly options: ConnectionOptions | pg.Pool,
    private readonly pool?: pg.Pool,
  ) {}

  /** Prepares the backend; must run before any queue is built, for BullMQ's choice of backend is one for the whole process. */
  static async open(config: Config, databaseUrl: string): Promise<QueueConnection> {
    if (config.REDIS_URL) {
      setDefaultBackendFactory();
      return new QueueConnection({ url: config.REDIS_URL });
    }
    // One pool for all queues and workers; each worker's LISTEN takes one of its connections for good.
    const pool = new pg.Pool({
      ...{ connectionString: databaseUrl, max: 8, keepAlive: true, options: `-c search_path=${SCHEMA}` },
      Client: SturdyClient,
    });
    pool.on('error', () => undefined);
    await migrate(pool);
    setDefaultBackendFactory(createPostgresBackend as never);
    return new QueueConnection(pool, pool);
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
