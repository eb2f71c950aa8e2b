import { once } from 'node:events';
import { Bench } from './bench.js';

const bench = new Bench();

afterEach(() => bench.server.kill());

describe('a life that ends', () => {
  it('loses queue and history and counts from 0 when restarted, keeps output files and wipes temp', async () => {
    const { port } = await bench.start();
    await bench.finished(await bench.post('made', { preview: true }));
    await bench.server.restart();
    expect(bench.server.port).toBe(port);
    expect(await bench.get('/history/made')).toEqual({});
    expect(await bench.get('/queue')).toEqual({ queue_running: [], queue_pending: [] });
    expect(bench.server.files.list()).toEqual(['output/made_00001_.png']);
    expect(await (await bench.post('made')).json()).toMatchObject({ number: 0 });
  });

  it('refuses connections once killed, breaks off its sockets and writes nothing any more', async () => {
    await bench.start({ pictureMs: 1_000, pace: bench.stepper.pace });
    const { socket } = await bench.listen('a');
    await bench.post('half');
    await bench.stepper.steps(1);
    const [[code]] = await Promise.all([once(socket, 'close'), bench.server.kill()]);
    expect(code).toBe(1006);
    await expect(fetch(bench.server.url)).rejects.toThrow('fetch failed');
    expect(bench.server.executions).toMatchObject([{ promptId: 'half', outcome: 'killed', pictures: [] }]);
  });

  it('is there again after revive', async () => {
    await bench.start();
    await bench.server.kill();
    await bench.server.revive();
    expect(await bench.get('/prompt')).toEqual({ exec_info: { queue_remaining: 0 } });
  });
});
