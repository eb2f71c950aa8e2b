import { once } from 'node:events';
import { WebSocket } from 'ws';
import { FakeComfyUI } from './fake-comfyui.js';
import { Bench, pinged, statusOf, until } from './bench.js';

const bench = new Bench();

afterEach(() => bench.server.kill());

describe('POST /prompt', () => {
  it.each([
    ['loseReplies', 'reset'],
    ['failAfterQueueing', 500],
  ] as const)('%s: queued all the same', async (fault, outcome) => {
    await bench.start();
    bench.server.faults[fault].next(1);
    const job = bench.ended('lost');
    expect(await statusOf(bench.post('lost'))).toBe(outcome);
    await job;
    expect(bench.server.faults[fault].struck).toBe(1);
    expect(bench.server.executions).toMatchObject([{ promptId: 'lost', outcome: 'success' }]);
    expect(await statusOf(bench.post('next'))).toBe(200);
  });

  it('replies after the job has ended', async () => {
    await bench.start();
    bench.server.faults.lateReplies.next(1);
    const { socket, heard } = await bench.listen('a');
    const reply = bench.post('late').then(() => heard.push({ type: 'reply', data: {} }));
    await until(socket, () => heard.some(({ type }) => type === 'execution_start'));
    await reply;
    expect(heard.map(({ type }) => type).slice(-2)).not.toContain('execution_start');
    expect(bench.server.executions[0].outcome).toBe('success');
  });
});

describe('HTTP', () => {
  it.each([
    ['serverErrors', 500, 'text/plain; charset=utf-8'],
    ['proxyErrors', 502, 'text/html; charset=utf-8'],
  ] as const)('%s on the given routes only', async (fault, status, type) => {
    await bench.start();
    bench.server.faults[fault].on('/queue').always();
    const answer = await fetch(`${bench.server.url}/api/queue`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type]);
    expect(await statusOf(fetch(`${bench.server.url}/prompt`))).toBe(200);
    bench.server.faults[fault].never();
    expect(await statusOf(fetch(`${bench.server.url}/queue`))).toBe(200);
  });

  it('refuses websockets with the status of a proxy', async () => {
    await bench.start();
    bench.server.faults.proxyErrors.on('/ws').always();
    bench.server.faults.proxyStatus = 403;
    const socket = new WebSocket(`${bench.server.url.replace('http', 'ws')}/ws`);
    expect(await once(socket, 'error')).toMatchObject([{ message: 'Unexpected server response: 403' }]);
  });

  it('resets or never answers', async () => {
    await bench.start();
    bench.server.faults.resetRequests.next(1);
    expect(await statusOf(fetch(`${bench.server.url}/queue`))).toBe('reset');
    bench.server.faults.hangRequests.next(1);
    const asked = once(bench.server.log, 'request');
    const over = new AbortController();
    const answer = statusOf(fetch(`${bench.server.url}/queue`, { signal: over.signal }));
    const [record] = await asked;
    over.abort();
    expect([await answer, record.status]).toEqual(['aborted', null]);
  });

  it('strikes as often as its probability says, the same for the same seed', async () => {
    const run = async (seed: number) => {
      await bench.start({ seed });
      bench.server.faults.serverErrors.withProbability(0.3);
      const answers = [];
      for (let i = 0; i < 60; i++) answers.push(await statusOf(fetch(`${bench.server.url}/prompt`)));
      await bench.server.kill();
      return answers;
    };
    const [first, again, other] = [await run(7), await run(7), await run(8)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(first.filter((status) => status === 500).length).toBeGreaterThan(8);
    expect(first.filter((status) => status === 500).length).toBeLessThan(30);
  });

  it('answers nothing while frozen, not even a ping', async () => {
    await bench.start();
    const { socket } = await bench.listen('a');
    const other = await FakeComfyUI.start();
    const told: string[] = [];
    bench.server.freeze();
    const answers = [bench.get('/prompt').then(() => told.push('answer')), pinged(socket).then(() => told.push('pong'))];
    for (let turn = 0; turn < 5; turn++) await fetch(`${other.url}/prompt`);
    told.push('thaw');
    bench.server.thaw();
    await Promise.all([...answers, other.kill()]);
    expect(told[0]).toBe('thaw');
  });

  it('answers nothing and runs nothing while frozen, then works off what came meanwhile', async () => {
    await bench.start();
    const { socket, heard } = await bench.listen('a');
    await pinged(socket);
    bench.server.freeze();
    const asked = once(bench.server.log, 'request');
    const over = new AbortController();
    const gaveUp = statusOf(bench.post('given up', {}, over.signal));
    await asked;
    over.abort();
    expect([await gaveUp, bench.server.executions, heard.length]).toEqual(['aborted', [], 1]);
    const job = bench.ended('given up');
    bench.server.thaw();
    await job;
    expect(bench.server.executions).toMatchObject([{ promptId: 'given up', outcome: 'success' }]);
  });
});

describe('/view', () => {
  const download = async () => {
    await bench.start();
    await bench.finished(await bench.post('picture'));
    return () => fetch(`${bench.server.url}/view?filename=picture_00001_.png`);
  };

  it('cuts the body short of its Content-Length', async () => {
    const view = await download();
    const whole = (await (await view()).arrayBuffer()).byteLength;
    bench.server.faults.cutDownloads.next(1);
    const answer = await view();
    expect(Number(answer.headers.get('content-length'))).toBe(whole);
    await expect(answer.arrayBuffer()).rejects.toThrow('terminated');
  });

  it.each([
    ['truncateDownloads', 2],
    ['garbageDownloads', 1],
  ] as const)('%s: 200 and no whole picture', async (fault, part) => {
    const view = await download();
    const whole = Buffer.from(await (await view()).arrayBuffer());
    bench.server.faults[fault].next(1);
    const spoilt = Buffer.from(await (await view()).arrayBuffer());
    expect(spoilt.length).toBe(Math.floor(whole.length / part));
    expect(spoilt.equals(whole)).toBe(false);
  });

  it('stalls in the middle', async () => {
    const view = await download();
    bench.server.faults.stallDownloads.next(1);
    const reader = (await view()).body!.getReader();
    expect((await reader.read()).value!.length).toBeGreaterThan(0);
    const rest = reader.read();
    expect(await Promise.race([rest, bench.get('/prompt')])).toEqual({ exec_info: { queue_remaining: 0 } });
    await reader.cancel();
  });

  it('deletes the file first', async () => {
    const view = await download();
    bench.server.faults.deleteBeforeDownload.next(1);
    expect([await statusOf(view()), await statusOf(view())]).toEqual([404, 404]);
  });
});
