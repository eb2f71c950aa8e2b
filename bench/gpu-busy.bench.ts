import { setImmediate, setTimeout } from 'node:timers/promises';
import { AssetStorage } from '../src/upload/asset-storage.js';
import { FakeComfyUI } from '../test/comfyui/fake-comfyui.js';
import { startTestService } from '../test/service/test-service.js';

const IMAGES = 200;
const PICTURE_MS = 200;
const UPLOAD_MS = 400;

jest.setTimeout(300_000);

/** How much of the time between their first start and their last end the servers were at work: what the pipeline leaves of a GPU. */
it('keeps two servers busy', async () => {
  const servers = await Promise.all([FakeComfyUI.start({ pictureMs: PICTURE_MS }), FakeComfyUI.start({ pictureMs: PICTURE_MS })]);
  const service = await startTestService({
    COMFYUI_URLS: servers.map(({ url }) => url).join(),
    MAX_BATCH_SIZE: String(IMAGES),
    LOG_LEVEL: 'error',
  });
  const storage = service.app.get(AssetStorage, { strict: false });
  const create = storage.create.bind(storage);
  jest.spyOn(storage, 'create').mockImplementation(async (...args) => {
    await setTimeout(UPLOAD_MS);
    return create(...args);
  });
  for (let healthy = 0; healthy < 2; await setImmediate()) {
    const { backends } = await service.api.ask('{ backends { healthy } }');
    healthy = backends.filter((backend: { healthy: boolean }) => backend.healthy).length;
  }
  await service.api.ended(await service.api.generate({ count: IMAGES }));

  const busy = servers.map((server) => server.busyFraction());
  process.stdout.write(
    `${IMAGES} images of ${PICTURE_MS} ms on 2 servers, uploads of ${UPLOAD_MS} ms: busy ${busy.map((part) => `${(part * 100).toFixed(1)} %`).join(' and ')}\n`,
  );
  expect(Math.min(...busy)).toBeGreaterThan(0);
  await service.close();
  await Promise.all(servers.map((server) => server.kill()));
});
