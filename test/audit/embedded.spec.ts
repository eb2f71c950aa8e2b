import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ApiClient } from '../service/api-client.js';
import { Ending, filmroll, FilmrollProcess } from './filmroll-process.js';

describe('the commands on the embedded database', () => {
  let dataDir: string;
  let settings: Record<string, string>;
  let service: FilmrollProcess | undefined;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'filmroll-command-'));
    // As root the database runs as another user, who must be able to enter.
    await chmod(dataDir, 0o755);
    settings = { DATA_DIR: dataDir, PORT: '0', DEMO_TIME: '0ms' };
  });

  afterAll(async () => {
    service?.process.kill('SIGINT');
    await service?.ending;
    await rm(dataDir, { recursive: true });
  });

  /** Runs `filmroll start` until it says that it is ready. */
  async function start(): Promise<{ running: FilmrollProcess; api: ApiClient }> {
    const running = FilmrollProcess.start(['start'], settings);
    for await (const line of createInterface(running.process.stdout!)) {
      const ready = /ready at (\S+)/.exec(line);
      if (ready) return { running, api: new ApiClient(ready[1]) };
    }
    throw new Error((await running.ending).stderr);
  }

  async function counts(ending: Ending): Promise<object> {
    expect(ending.stderr).toMatch(/^\d+ assets are expected/);
    const { assets, expected } = JSON.parse(ending.stdout);
    return { code: ending.code, assets, expected };
  }

  function pidFile(): string {
    return join(dataDir, 'postgres/data/postmaster.pid');
  }

  it('migrate makes it, and leaves nothing running', async () => {
    const { code, stdout } = await filmroll(['migrate'], settings);
    expect(stdout).toMatch(/^The database is up to date; its newest migration is \w+\.\n$/);
    expect(code).toBe(0);
    expect(existsSync(pidFile())).toBe(false);
  });

  it('demo --once proves four pictures, and audit agrees while no service runs', async () => {
    const { code, stdout } = await filmroll(['demo', '--once'], settings);
    expect(stdout).toContain('All 4 pictures are stored, and all differ');
    expect(code).toBe(0);
    expect(await counts(await filmroll(['audit', '--json'], settings))).toEqual({ code: 0, assets: 4, expected: 4 });
    expect(existsSync(pidFile())).toBe(false);
  });

  it('audit and adopt use the database of a running service, and leave it alone', async () => {
    const { running, api } = await start();
    service = running;
    const server = await readFile(pidFile(), 'utf8');
    await api.ended(await api.generate({ count: 2 }));
    expect(await counts(await filmroll(['audit', '--json'], settings))).toEqual({ code: 0, assets: 6, expected: 6 });
    const adopted = await filmroll(['adopt', '--username=ada', '--character=luna', '--above=500', '--apply'], settings);
    expect(adopted).toMatchObject({ code: 0, stdout: expect.stringContaining('Raised: 1 series.') });
    const id = await api.generate({ count: 1 });
    expect(await api.ended(id)).toBe('COMPLETED');
    const { batch } = await api.ask('query ($id: ID!) { batch(id: $id) { images { index } } }', { id });
    expect(batch.images).toEqual([{ index: 501 }]);
    expect(await readFile(pidFile(), 'utf8')).toBe(server);
    running.process.kill('SIGINT');
    const [code] = await once(running.process, 'exit');
    expect(code).toBe(0);
    expect(existsSync(pidFile())).toBe(false);
  });

  it('a service that was killed leaves its database to them', async () => {
    const { running, api } = await start();
    await api.ended(await api.generate({ count: 1 }));
    running.process.kill('SIGKILL');
    await running.ending;
    expect(await counts(await filmroll(['audit', '--json'], settings))).toEqual({ code: 0, assets: 8, expected: 8 });
    ({ running: service } = await start());
  });
});
