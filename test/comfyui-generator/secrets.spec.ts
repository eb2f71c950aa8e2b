import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorOf, isPng, Setting, until } from './setting.js';

test('credentials reach the server and nothing else', async () => {
  const SECRET = /s3cret|aunt|YXVudDpzM2NyZXQ|tok3n/;
  const setting = await Setting.start({
    urlOf: ({ port }) => `http://aunt:s3cret@127.0.0.1:${port}#left`,
    config: { COMFYUI_HEADERS: { 'x-token': 'tok3n' } } as object,
    timings: { request: 1_000, silence: 1_500 },
  });
  const { faults } = setting.server;
  const errors: Error[] = [];
  expect(setting.generator.backends()[0].name).toBe('left');
  expect(isPng((await setting.generate()).bytes)).toBe(true);

  for (const fault of [faults.serverErrors, faults.resetRequests, faults.hangRequests, faults.proxyErrors, faults.garbageDownloads]) {
    fault.always();
    errors.push(await errorOf(setting.generate()));
    fault.never();
  }
  await setting.server.kill();
  errors.push(await errorOf(setting.generate()));
  await until(() => setting.lines.some((line) => line.includes('ECONNREFUSED')));
  await setting.stop();

  const shown = [
    ...setting.lines,
    JSON.stringify(setting.generator.backends()),
    ...errors.map((error) => `${error.message} ${error.stack} ${JSON.stringify(error)}`),
  ];
  expect(shown.length).toBeGreaterThan(8);
  for (const text of shown) expect(text).not.toMatch(SECRET);
});

test('every request and the websocket carry the headers and the path prefix', async () => {
  const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  const proxy = createServer((request, response) => {
    asked.push({ path: request.url ?? '', headers: request.headers });
    response.end(request.url === '/gpu/system_stats' ? '{"system":{"comfyui_version":"0.4.0"}}' : '{}');
  }).listen(0, '127.0.0.1');
  proxy.on('upgrade', (request, socket) => {
    asked.push({ path: request.url?.replace(/\?.*/, '') ?? '', headers: request.headers });
    socket.destroy();
  });
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const setting = await Setting.start({
    urlOf: () => `http://ana:s3cret@127.0.0.1:${port}/gpu/`,
    config: { COMFYUI_HEADERS: { 'x-token': 'tok3n' } } as object,
  });
  await errorOf(setting.generate());
  await until(() => asked.some(({ path }) => path === '/gpu/ws'));
  await setting.stop();
  proxy.close();
  proxy.closeAllConnections();

  expect([...new Set(asked.map(({ path }) => path))]).toEqual(expect.arrayContaining(['/gpu/system_stats', '/gpu/prompt', '/gpu/ws']));
  for (const { path, headers } of asked) {
    expect(path).toMatch(/^\/gpu\//);
    expect(headers).toMatchObject({ authorization: `Basic ${Buffer.from('ana:s3cret').toString('base64')}`, 'x-token': 'tok3n' });
    expect(headers.origin).toBeUndefined();
  }
});
