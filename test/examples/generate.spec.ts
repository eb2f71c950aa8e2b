import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ChildService } from '../pipeline/child-service.js';
import { createDatabase, TestDatabase } from '../service/test-service.js';

const SCRIPT = join(__dirname, '../../examples/generate.mjs');

describe('examples/generate.mjs', () => {
  let database: TestDatabase;
  let dataDir: string;
  let service: ChildService;

  beforeAll(async () => {
    [database, dataDir] = await Promise.all([createDatabase(), mkdtemp(join(tmpdir(), 'filmroll-example-'))]);
    service = await start();
  });

  afterAll(async () => {
    await service?.kill();
    await database?.drop();
    await rm(dataDir, { recursive: true });
  });

  const start = (port = '0') => {
    return ChildService.start({ DATABASE_URL: database.url, DATA_DIR: dataDir, DEMO_TIME: '500ms', PORT: port });
  };

  function run(...args: string[]): ChildProcess {
    const env = { PATH: process.env.PATH, FILMROLL_URL: service.api.url };
    return spawn(process.execPath, [SCRIPT, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  }

  it('sees every event of its batch once, though the service is killed and started again', async () => {
    const script = run('at dusk', '6');
    const exit = once(script, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface(script.stdout!)) {
      lines.push(line);
      if (lines.filter((each) => each.includes('UPLOADED')).length !== 1 || !line.includes('UPLOADED')) continue;
      await service.kill();
      service = await start(new URL(service.api.url).port);
    }
    const numbers = lines.slice(1).map((line) => Number(line.split(':')[0]));
    const urls = lines.flatMap((line) => /UPLOADED (\S+)/.exec(line)?.[1] ?? []);

    expect((await exit)[0]).toBe(0);
    expect(numbers).toEqual(Array.from(numbers, (_, at) => at + 1));
    expect(new Set(urls).size).toBe(6);
    for (const url of urls) expect((await fetch(url)).status).toBe(200);
  });
});
