import { setImmediate } from 'node:timers/promises';
import { FakeComfyUI } from '../comfyui/fake-comfyui.js';
import { startTestService, TestService } from '../service/test-service.js';

const COUNT = 40;

jest.setTimeout(400_000);

describe('forty images on two ComfyUI servers are all stored, each once, although', () => {
  let servers: FakeComfyUI[];
  let service: TestService;

  beforeEach(async () => {
    servers = await Promise.all([FakeComfyUI.start({ pictureMs: 100 }), FakeComfyUI.start({ pictureMs: 100 })]);
    service = await startTestService({ COMFYUI_URLS: servers.map(({ url }) => url).join(), LOG_LEVEL: 'error' });
    for (let healthy = 0; healthy < 2; await setImmediate()) {
      const { backends } = await service.api.ask('{ backends { healthy } }');
      healthy = backends.filter((backend: { healthy: boolean }) => backend.healthy).length;
    }
  });

  afterEach(async () => {
    await service.close();
    await Promise.all(servers.map((server) => server.kill()));
  });

  /** Does harm once some images are stored. */
  async function whileMade(batchId: string, harm: (server: FakeComfyUI) => unknown): Promise<void> {
    const query = 'subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { status } }';
    let uploaded = 0;
    for await (const { imageStatusChanged } of service.api.follow(query, { batchId })) {
      if (imageStatusChanged.status === 'UPLOADED' && ++uploaded === 6) await harm(servers[0]);
    }
  }

  it.each<[string, number, (server: FakeComfyUI) => unknown]>([
    ['a server is restarted', 4, (server) => server.restart()],
    ['its websockets are dropped', 0, (server) => server.dropSockets()],
    ['its websockets are deaf', 0, (server) => server.deafSockets()],
    ['replies to prompts are lost', 0, (server) => server.faults.loseReplies.withProbability(0.3)],
    ['the history is late', 0, (server) => void (server.faults.lateHistory = { ms: 80, after: 'executing null' })],
    ['it is frozen for 20 s', 0, (server) => server.freeze(20_000)],
    ['outputs are deleted before the download', COUNT, (server) => server.faults.deleteBeforeDownload.next(4)],
    ['downloads are cut short', 0, (server) => server.faults.cutDownloads.withProbability(0.3)],
    ['requests fail now and then', 0, (server) => server.faults.serverErrors.withProbability(0.05)],
    ['a server is gone for good', 4, (server) => server.kill()],
    ['its execution thread is dead', 4, (server) => server.deadWorker()],
  ])('%s', async (_what, madeAgainAtMost, harm) => {
    const id = await service.api.generate({ count: COUNT });
    await whileMade(id, harm);

    const rows = await service.database.query<{ index: number; sha256: string; status: string }>(
      'SELECT index, sha256, status FROM image ORDER BY index',
    );
    expect(rows.map(({ index }) => index)).toEqual(Array.from({ length: COUNT }, (_, k) => k + 1));
    expect(rows.every(({ status }) => status === 'UPLOADED')).toBe(true);
    expect(new Set(rows.map(({ sha256 }) => sha256)).size).toBe(COUNT);
    const made = servers.flatMap(({ executions }) => executions).filter(({ outcome }) => outcome === 'success').length;
    expect(made - COUNT).toBeLessThanOrEqual(madeAgainAtMost);
  });
});
