import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres/embedded-postgres.js';
import { untilCounts } from '../pipeline/until.js';
import { RefusedError } from '../service/api-client.js';
import { startTestService, TestService } from '../service/test-service.js';

const READ = '{ batches { nodes { id } } }';

describe('a PostgreSQL of its own', () => {
  let folder: string;
  let postgres: EmbeddedPostgres;
  let service: TestService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'filmroll-full-'));
    // As root the database runs as another user, who must be able to enter.
    await chmod(folder, 0o755);
    postgres = await EmbeddedPostgres.start(folder);
    service = await startTestService({ DATABASE_URL: postgres.url, DEMO_TIME: '200ms', LOG_LEVEL: 'error' });
  }, 60_000);

  afterAll(async () => {
    await service.close();
    await postgres.stop();
    await rm(folder, { recursive: true });
  }, 60_000);

  it('that takes no more clients: who asks is told to come back, and then all goes on', async () => {
    const batchId = await service.api.generate({ count: 8 });
    const others = await fill();
    const { status, errors } = await service.api.send(READ);
    await Promise.all(others.map((client) => client.end()));

    expect([status, errors?.[0].extensions.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(await service.api.ended(batchId)).toBe('COMPLETED');
    expect((await service.api.send(READ)).status).toBe(200);
  }, 90_000);

  /** Ends the connections of the service and takes all that there are, until there are no more. */
  async function fill(): Promise<pg.Client[]> {
    const taken: pg.Client[] = [];
    for (;;) {
      const client = new pg.Client({ connectionString: postgres.url, application_name: 'another' });
      client.on('error', () => undefined);
      const refusal = await client.connect().then(
        () => null,
        (error: { code?: string }) => error.code ?? 'no code',
      );
      if (refusal === '53300') return taken;
      if (refusal === null) taken.push(client);
      await taken[0].query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN ('filmroll', 'filmroll wake-ups')`,
      );
    }
  }

  it('that is stopped at once in the middle of a batch, and started again: everything is stored once', async () => {
    const batchId = await service.api.generate({ count: 12, character: 'stopped' });
    await untilCounts(service.api, batchId, { uploaded: 2 });
    const postmaster = parseInt(await readFile(join(folder, 'postgres/data/postmaster.pid'), 'utf8'));
    process.kill(postmaster, 'SIGQUIT');
    while ((await service.api.ended(batchId).catch(unlessAway)) !== 'COMPLETED');
    const { batch } = await service.api.ask('query ($id: ID!) { batch(id: $id) { images { index sha256 } } }', { id: batchId });
    expect(batch.images.map(({ index }: { index: number }) => index)).toEqual(Array.from({ length: 12 }, (_, k) => k + 1));
    expect(new Set(batch.images.map(({ sha256 }: { sha256: string }) => sha256)).size).toBe(12);
  }, 120_000);

  function unlessAway(error: unknown): string {
    if (error instanceof RefusedError && error.errors[0].extensions.code === 'SERVICE_UNAVAILABLE') return 'away';
    throw error;
  }
});
