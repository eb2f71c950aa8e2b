import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { startTestService, TestService } from '../service/test-service.js';
import { filmroll, FilmrollProcess } from './filmroll-process.js';

/** Local disk gives 250 at a time. */
const FILES = 1_000;
const BARRIER = 4711;

describe('filmroll audit, stopped in the middle', () => {
  let service: TestService;
  let barrier: pg.Client;
  let settings: Record<string, string>;

  beforeAll(async () => {
    service = await startTestService();
    settings = { DATABASE_URL: service.database.url, DATA_DIR: service.dataDir };
    await service.api.ended(await service.api.generate({ count: 1 }));
    const folder = join(service.dataDir, 'assets/filmroll/foreign');
    await mkdir(folder, { recursive: true });
    await Promise.all(Array.from({ length: FILES }, (_, k) => writeFile(join(folder, `${k}.png`), String(k))));
    // The third page of a walk waits here, in the middle of its transaction, for as long as the test holds the lock.
    await service.database.query(`CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_advisory_xact_lock_shared(${BARRIER}); RETURN NEW; END $$`);
    await service.database.query(
      'CREATE TRIGGER wait_here BEFORE UPDATE ON storage_walk FOR EACH ROW WHEN (NEW.seen = 750) EXECUTE FUNCTION wait_here()',
    );
    barrier = new pg.Client(service.database.url);
    await barrier.connect();
  });

  afterAll(async () => {
    await barrier.end();
    await service.close();
  });

  /** Starts an audit and resolves when it stands before the barrier. */
  async function auditUpToBarrier(): Promise<FilmrollProcess> {
    await barrier.query('SELECT pg_advisory_lock($1)', [BARRIER]);
    const started = FilmrollProcess.start(['audit', '--json'], settings);
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = ${BARRIER} AND NOT granted`;
    while ((await service.database.query(waiting)).length === 0) await pause(20);
    return started;
  }

  function open(): Promise<unknown> {
    return barrier.query('SELECT pg_advisory_unlock($1)', [BARRIER]);
  }

  async function walks(): Promise<object[]> {
    return service.database.query('SELECT seen::integer, (SELECT count(*)::integer FROM walked_asset) AS assets FROM storage_walk');
  }

  async function expectItGoesOn(from: string): Promise<void> {
    const { code, stdout, stderr } = await filmroll(['audit', '--json'], settings);
    expect(stderr).toMatch(new RegExp(`^Going on with the walk through storage of \\S+: ${from} assets were seen\\.`));
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ assets: FILES + 1, expected: 1, counts: { missing: 0, different: 0, unknown: FILES } });
    expect(new Set(told.findings.map(({ publicId }: { publicId: string }) => publicId)).size).toBe(FILES);
    expect(code).toBe(1);
    expect(await walks()).toEqual([]);
  }

  it('by Ctrl-C: ends with 130 after the page in hand, says so, and goes on', async () => {
    const { process, ending } = await auditUpToBarrier();
    process.kill('SIGINT');
    await open();
    const { code, stderr, stdout } = await ending;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('Stopped. The same command goes on from here.');
    expect(await walks()).toEqual([{ seen: 750, assets: 750 }]);
    await expectItGoesOn('750');
  });

  it('by kill -9: loses the page in hand and nothing else', async () => {
    const { process, ending } = await auditUpToBarrier();
    process.kill('SIGKILL');
    await ending;
    await open();
    while ((await service.database.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = 7201003`)).length > 0)
      await pause(20);
    expect(await walks()).toEqual([{ seen: 500, assets: 500 }]);
    await expectItGoesOn('500');
  });

  it('by a database that goes away: ends with 2, says so in one line, and goes on', async () => {
    const { ending } = await auditUpToBarrier();
    await service.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%storage_walk%' AND pid <> pg_backend_pid()`,
    );
    const { code, stderr } = await ending;
    await open();
    expect(code).toBe(2);
    expect(stderr).toMatch(/The database cannot be reached, or has gone away\. When it is back, the same command goes on\.\n$/);
    expect(stderr).not.toMatch(/\n {4}at /);
    await expectItGoesOn('500');
  });

  it('is not joined by a second one meanwhile', async () => {
    const { ending } = await auditUpToBarrier();
    const second = await filmroll(['audit'], settings);
    await open();
    expect(second).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Another filmroll is walking through the same part of storage'),
    });
    expect((await ending).code).toBe(1);
  });
});
