import { once } from 'node:events';
import { Bench, pinged, statusOf, until } from './bench.js';
import { textChunksOf } from './png-text.js';

const bench = new Bench();

afterEach(() => bench.server.kill());

describe('the worker', () => {
  it('dies: the queue only grows and all else looks well', async () => {
    await bench.start({ pictureMs: 1_000, pace: bench.stepper.pace });
    await bench.post('running');
    await bench.stepper.steps(1);
    const job = bench.ended('running');
    bench.server.deadWorker();
    await job;
    await bench.post('waiting');
    expect(await bench.get('/prompt')).toEqual({ exec_info: { queue_remaining: 2 } });
    expect(await bench.queue()).toEqual({ running: ['running'], pending: ['waiting'] });
    expect(await bench.get('/system_stats')).toMatchObject({ system: { comfyui_version: '0.3.64' } });
  });

  it('runs out of memory once', async () => {
    await bench.start();
    bench.server.faults.outOfMemory.next(1);
    await bench.finished(await bench.post('big'));
    await bench.finished(await bench.post('big again'));
    expect(bench.server.executions.map((one) => one.outcome)).toEqual(['error', 'success']);
    expect(await (await fetch(`${bench.server.url}/history/big`)).text()).toContain('ran out of memory');
  });

  it('fails with the paths of the server in its words', async () => {
    await bench.start();
    bench.server.faults.nodeErrors.next(1);
    await bench.finished(await bench.post('broken'));
    const told = await (await fetch(`${bench.server.url}/history/broken`)).text();
    expect(told).toMatch(/"exception_type": "RuntimeError".*\/srv\/comfy/);
  });

  it('blocks a node and yet succeeds', async () => {
    await bench.start();
    bench.server.faults.blockedNodes.next(1);
    const { socket, heard } = await bench.listen('a');
    await bench.post('blocked');
    await until(socket, () => heard.at(-1)?.data.node === null);
    expect(heard.filter(({ type }) => /execution_(error|success)/.test(type)).map(({ type }) => type)).toEqual([
      'execution_error',
      'execution_success',
    ]);
    expect(await bench.get('/history/blocked')).toMatchObject({ blocked: { status: { status_str: 'success' } } });
  });

  it('writes NaN where JSON knows none', async () => {
    await bench.start();
    bench.server.faults.notANumber.always();
    const { socket, texts } = await bench.listen('a');
    await bench.finished(await bench.post('nan'));
    await pinged(socket);
    expect(texts.some((text) => text.includes('"value": NaN'))).toBe(true);
    expect(textChunksOf(bench.server.files.read('output', '', 'nan_00001_.png')!.bytes).prompt).toContain('"is_changed": NaN');
  });

  it.each(['execution_success', 'executing null'] as const)('writes the history some time after %s', async (after) => {
    await bench.start({ pace: bench.stepper.pace });
    bench.server.faults.lateHistory = { ms: 50, after };
    const { socket, heard } = await bench.listen('a');
    await bench.post('late');
    const isSaid = () => heard.some(({ type, data }) => (after === 'execution_success' ? type === after : data.node === null));
    await until(socket, isSaid);
    expect(await bench.get('/history/late')).toEqual({});
    expect(await bench.queue()).toEqual({ running: ['late'], pending: [] });
    const written = once(bench.server.log, 'history');
    bench.stepper.step();
    await written;
    expect(await bench.get('/history/late')).toHaveProperty('late.status.completed', true);
  });

  it('takes a late interrupt for whatever runs then', async () => {
    await bench.start({ pictureMs: 1_000, pace: bench.stepper.pace });
    bench.server.faults.lateInterruptMs = 1_000;
    await bench.post('first', { steps: 1 });
    await fetch(`${bench.server.url}/interrupt`, { method: 'POST', body: JSON.stringify({ prompt_id: 'first' }) });
    await bench.post('second');
    const [first, second] = [bench.ended('first'), bench.ended('second')];
    await bench.stepper.steps(1);
    await first;
    await bench.stepper.steps(1);
    await second;
    expect(bench.server.executions.map((one) => one.outcome)).toEqual(['success', 'interrupted']);
  });

  it('ignores interrupts', async () => {
    await bench.start({ pictureMs: 1_000, pace: bench.stepper.pace });
    bench.server.faults.ignoreInterrupts.next(1);
    await bench.post('going on', { steps: 1 });
    const job = bench.ended('going on');
    expect(await statusOf(fetch(`${bench.server.url}/interrupt`, { method: 'POST' }))).toBe(200);
    await bench.stepper.steps(1);
    expect((await job).outcome).toBe('success');
  });

  it('loses an embedding and a checkpoint while it runs', async () => {
    await bench.start();
    await bench.finished(await bench.post('who', { text: 'embedding:easynegative' }));
    bench.server.models.loseEmbedding('easynegative');
    await bench.finished(await bench.post('who else', { text: 'embedding:easynegative' }));
    expect(bench.server.executions.map((one) => one.pictures[0].embeddings)).toEqual([['easynegative'], []]);
    bench.server.models.loseCheckpoint('sd15-fake.safetensors');
    expect(await statusOf(bench.post('nobody'))).toBe(400);
  });
});
