import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Config, ConfigError } from '../../src/config/config.js';
import { ComfyuiGenerator } from '../../src/generation/generators/comfyui.generator.js';
import { WorkflowLibrary } from '../../src/generation/workflows/workflow-library.js';
import { ComfyuiUnavailableError } from '../../src/generation/generators/comfyui/comfyui-errors.js';
import { errorOf, isPng, Setting, until } from './setting.js';

describe('ComfyuiGenerator.backends', () => {
  let setting: Setting;
  afterEach(() => setting.stop());

  it('reports each server as last seen', async () => {
    setting = await Setting.start({ servers: [{}, { embeddings: [], checkpoints: [], version: '0.38.0' }] });
    const [first, second] = setting.servers;

    expect(setting.generator.backends()).toEqual([
      {
        name: `127.0.0.1:${first.port}`,
        healthy: true,
        version: '0.3.64',
        embeddings: ['badhand_v4', 'easynegative', 'sub/style one'],
        checkpoints: first.models.list('checkpoints') as string[],
        lastError: null,
        lastSeenAt: expect.any(Date) as Date,
      },
      {
        name: `127.0.0.1:${second.port}`,
        healthy: true,
        version: '0.38.0',
        embeddings: [],
        checkpoints: [],
        lastError: null,
        lastSeenAt: expect.any(Date) as Date,
      },
    ]);
  });

  it.each(['0.3.56', '0.2.9', ''])('refuses version "%s" with a clear line', async (version) => {
    setting = await Setting.start({ servers: [{ version }] });
    expect(setting.generator.backends()[0]).toMatchObject({
      healthy: false,
      lastError: expect.stringContaining('0.3.57 or newer is needed') as string,
    });

    expect(await errorOf(setting.generate())).toBeInstanceOf(ComfyuiUnavailableError);
    expect(setting.asked('POST', '/')).toBe(0);

    setting.server.settings.version = '0.3.57';
    await until(() => setting.generator.backends()[0].healthy);
  });

  it('keeps what it knew of a server that is away, and takes it back by itself', async () => {
    setting = await Setting.start();
    const { lastSeenAt } = setting.generator.backends()[0];
    await setting.server.kill();
    await until(() => !setting.generator.backends()[0].healthy);
    expect(setting.generator.backends()[0]).toMatchObject({
      lastError: expect.stringMatching(/cannot be reached/) as string,
      version: '0.3.64',
      embeddings: ['badhand_v4', 'easynegative', 'sub/style one'],
    });

    await setting.server.revive();
    await until(() => setting.generator.backends()[0].healthy);
    expect(setting.generator.backends()[0].lastSeenAt!.getTime()).toBeGreaterThan(lastSeenAt!.getTime());
    expect(isPng((await setting.generate()).bytes)).toBe(true);
  });

  it('does not mind one answer that goes wrong', async () => {
    setting = await Setting.start();
    setting.server.faults.serverErrors.next(1).on('/system_stats', '/embeddings', '/models');
    const asked = setting.asked('GET', '/system_stats');
    await until(() => setting.asked('GET', '/system_stats') > asked + 4);

    expect(setting.server.faults.serverErrors.struck).toBe(1);
    expect(setting.lines.filter((line) => line.includes('HTTP 500'))).toEqual([]);
  });
});

describe('ComfyuiGenerator and servers that are none', () => {
  let other: Server;
  let asked: number[];
  let setting: Setting;

  beforeEach(async () => {
    asked = [];
    other = createServer((request, response) => {
      if (request.url === '/system_stats') asked.push(performance.now());
      response.end('<html>Please log in</html>');
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
  });
  afterEach(async () => {
    await setting.stop();
    other.close();
    other.closeAllConnections();
  });

  it('are left alone with growing pauses', async () => {
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const started = Setting.start({ urlOf: () => url, timings: { health: 100, healthMax: 100_000, retry: 0 } });
    await until(() => asked.length === 10);
    const firsts = asked.filter((_at, i) => i % 2 === 0);
    const pauses = firsts.slice(1).map((at, i) => at - firsts[i]);

    // A fifth of `health` at first, twice as long each time, and at least three quarters of that; a busy machine only adds to them.
    for (const [i, pause] of pauses.entries()) expect(pause).toBeGreaterThan(20 * 2 ** i * 0.7);
    other.removeAllListeners('request');
    other.on('request', (request, response) => {
      response.end(request.url === '/system_stats' ? '{"system":{"comfyui_version":"0.4.0"}}' : '[]');
    });
    setting = await started;
    expect(setting.generator.backends()).toMatchObject([{ healthy: true, version: '0.4.0' }]);
  });
});

test('two servers of one name are refused', async () => {
  const config = Object.assign(new Config(), { COMFYUI_URLS: ['http://a:1#same', 'http://b:1#same'], COMFYUI_HEADERS: null });
  const library = await WorkflowLibrary.load(null);

  expect(() => new ComfyuiGenerator(config, library)).toThrow(ConfigError);
});
