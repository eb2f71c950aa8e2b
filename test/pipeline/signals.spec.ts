import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildService } from './child-service.js';
import { untilCounts } from './until.js';

describe('a service with its own database, in the middle of a batch', () => {
  let dataDir: string;
  let service: ChildService;
  let postmaster: number;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'filmroll-signals-'));
    // As root the database runs as another user, who must be able to enter.
    await chmod(dataDir, 0o755);
    service = await ChildService.start({ DATA_DIR: dataDir, DEMO_TIME: '20s', SHUTDOWN_TIMEOUT: '1s' });
    postmaster = parseInt(await readFile(join(dataDir, 'postgres/data/postmaster.pid'), 'utf8'));
    await untilCounts(service.api, await service.api.generate({ count: 3 }), { generating: 2 });
  });

  afterEach(async () => {
    if (service.process.exitCode === null && service.process.signalCode === null) await service.kill();
    await rm(dataDir, { recursive: true });
  });

  async function untilDatabaseHasEnded(): Promise<void> {
    for (const deadline = AbortSignal.timeout(10_000); isAlive(postmaster);) deadline.throwIfAborted();
  }

  it('ends with its database at one signal', async () => {
    const before = performance.now();
    expect(await service.end('SIGTERM')).toBe(0);
    expect(performance.now() - before).toBeLessThan(8_000);
    await untilDatabaseHasEnded();
  });

  it('ends at once at the second, and its database a moment later; the next start goes on', async () => {
    service.process.kill('SIGTERM');
    while (!service.output.some((line) => line.startsWith('SIGTERM'))) await new Promise(setImmediate);
    const before = performance.now();
    expect(await service.end('SIGTERM')).toBe(130);
    expect(performance.now() - before).toBeLessThan(1_000);
    await untilDatabaseHasEnded();

    service = await ChildService.start({ DATA_DIR: dataDir, DEMO_TIME: '0ms' });
    const { batches } = await service.api.ask('{ batches { nodes { id } } }');
    expect(await service.api.ended(batches.nodes[0].id)).toBe('COMPLETED');
    expect(await service.end('SIGTERM')).toBe(0);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
