import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilmrollProcess } from '../audit/filmroll-process.js';
import { lineOf } from './watching.js';

describe('filmroll demo and start', () => {
  let dataDir: string;
  const run = (command: string, settings: Record<string, string> = {}) =>
    FilmrollProcess.start([command], { DATA_DIR: dataDir, PORT: '0', SHUTDOWN_TIMEOUT: '0ms', ...settings });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'filmroll-demo-'));
    // As root the database runs as another user, who must be able to enter.
    await chmod(dataDir, 0o755);
  });

  afterEach(() => rm(dataDir, { recursive: true }));

  it('the demo ends at Ctrl-C in the middle of its pictures, and complains of nothing', async () => {
    const demo = run('demo', { DEMO_TIME: '1h' });
    await lineOf(demo, (line) => line.endsWith(': generating'));
    demo.process.kill('SIGINT');
    expect(await demo.ending).toMatchObject({ code: 0, stderr: '' });
  });

  it('the demo sends people to the studio', async () => {
    const demo = run('demo', { DEMO_TIME: '0ms' });
    const line = await lineOf(demo, (text) => text.endsWith('Press Ctrl-C to stop.'));
    const [, url] = /ask for your own at (\S+)\. /.exec(line) ?? [];
    expect(await (await fetch(url, { headers: { accept: 'text/html' } })).text()).toContain('<title>Filmroll');
    demo.process.kill('SIGINT');
    expect(await demo.ending).toMatchObject({ code: 0, stderr: '' });
  });

  it('the demo says at once that it has no token', async () => {
    const { code, stderr } = await run('demo', { JWT_SECRET: 'a secret of at least thirty-two characters' }).ending;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/JWT_SECRET and JWKS_URL must not be set for the demo/) });
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
  });

  it('a start that is stopped before it is ready does not say that it is', async () => {
    const changes = watch(dataDir, { signal: AbortSignal.timeout(60_000) });
    const service = run('start');
    for await (const _ of changes) break;
    service.process.kill('SIGINT');
    const { code, stdout } = await service.ending;
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^SIGINT: finishing what is in flight\. .*\n$/) });
  });
});
