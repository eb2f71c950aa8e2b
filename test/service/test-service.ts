import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { RunningService, startService } from '../../src/app/start.js';
import { readConfig } from '../../src/config/config.js';
import { ApiClient } from './api-client.js';

/** The whole service in this process, on a database and a data directory of its own. */
export interface TestService {
  url: string;
  api: ApiClient;
  app: RunningService['app'];
  database: TestDatabase;
  dataDir: string;
  /** Stops this process' worth of service and leaves the database and the data directory. */
  stop(): Promise<void>;
  /** Starts another process' worth of service on the same database and data directory; closed with this one. */
  another(settings?: Record<string, string>): Promise<Omit<TestService, 'another' | 'close'>>;
  close(): Promise<void>;
}

export interface TestDatabase {
  url: string;
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Where the queue of this test file is kept: in Redis in the folder test/redis, else in PostgreSQL. */
export function queueSettings(): Record<string, string> {
  const url = process.env.TEST_REDIS_URL;
  return url === undefined ? {} : { REDIS_URL: url };
}

/** A fresh database on the server that this test run has started, or a copy of another one, whose connections are ended for that. */
export async function createDatabase(original?: TestDatabase): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL!;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await withClient(server, async (client) => {
    const template = original && new URL(original.url).pathname.slice(1);
    if (template) await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [template]);
    await client.query(`CREATE DATABASE ${name} ${template ? `TEMPLATE ${template}` : ''}`);
  });
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on('error', () => undefined);
  return {
    url,
    query: async (sql, values) => (await pool.query(sql, values)).rows,
    drop: async () => {
      await pool.end();
      await withClient(server, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

/** Starts it with pictures that take no time; `settings` are environment variables, `pageDir` holds the built pages. */
export async function startTestService(settings: Record<string, string> = {}, pageDir = '/no-pages'): Promise<TestService> {
  const database = await createDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'filmroll-test-'));
  const services: RunningService[] = [];
  const start = async (more: Record<string, string>) => {
    const env = {
      PORT: '0',
      DEMO_TIME: '0ms',
      LOG_LEVEL: 'error',
      DATABASE_URL: database.url,
      DATA_DIR: dataDir,
      ...queueSettings(),
      ...settings,
      ...more,
    };
    const service = await startService(readConfig(env), pageDir);
    services.push(service);
    return { url: service.url, api: new ApiClient(service.url), app: service.app, database, dataDir, stop: service.close };
  };
  const close = async () => {
    for (const service of services.toReversed()) await service.close();
    await database.drop();
    await rm(dataDir, { recursive: true });
  };
  return { ...(await start({})), another: (more = {}) => start(more), close };
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
