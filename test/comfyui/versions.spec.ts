import { Bench } from './bench.js';
import { fingerprintOfPicture } from './picture.js';

const bench = new Bench();

afterEach(() => bench.server.kill());

describe('versions', () => {
  it('makes its own prompt ids before 0.3.45', async () => {
    await bench.start({ version: '0.3.44' });
    const { prompt_id } = (await (await bench.post('mine')).json()) as { prompt_id: string };
    expect(prompt_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await bench.get('/system_stats')).toHaveProperty('system.comfyui_version', '0.3.44');
  });

  it.each([
    ['0.3.56', 'interrupted'],
    ['0.3.57', 'success'],
  ])('%s: an interrupt that names another job', async (version, outcome) => {
    await bench.start({ version, pictureMs: 1_000, pace: bench.stepper.pace });
    await bench.post('running', { steps: 1 });
    await fetch(`${bench.server.url}/interrupt`, { method: 'POST', body: '{"prompt_id": "another"}' });
    await bench.stepper.steps(1);
    expect(await bench.ended('running')).toMatchObject({ outcome });
  });

  it('refuses prompt ids that are no UUID in 0.38, and keeps older prompts in its cache', async () => {
    await bench.start({ version: '0.38.0' });
    const refused = await bench.post('mine');
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { type: 'invalid_prompt_id' } }]);
    expect(bench.server.settings.cache).toBe('lru');
  });
});

describe('what it notes', () => {
  it('knows the pictures that it made, and how busy it was', async () => {
    await bench.start();
    const [cat, dog] = ['a cat', 'a dog'];
    for (const text of [cat, dog]) await bench.finished(await bench.post(text, { text }));
    const file = bench.server.files.read('output', '', 'a dog_00001_.png')!.bytes;
    expect(await bench.server.recipeOf(file)).toMatchObject({ text: 'a dog a dog', seed: '7', width: 64, height: 32, embeddings: [] });
    expect(await fingerprintOfPicture(file)).not.toBe(
      await fingerprintOfPicture(bench.server.files.read('output', '', 'a cat_00001_.png')!.bytes),
    );
    const [first, second] = bench.server.executions;
    const idle = second.startedAt - first.endedAt!;
    expect(bench.server.busyFraction()).toBeCloseTo(1 - idle / (second.endedAt! - first.startedAt), 5);
    expect(bench.server.requests).toMatchObject([
      { method: 'POST', path: '/prompt' },
      { path: '/prompt', status: 200 },
    ]);
  });

  it('forgets the oldest history beyond its limit', async () => {
    await bench.start({ historyLimit: 2 });
    for (const id of ['a', 'b', 'c', 'd']) await bench.finished(await bench.post(id));
    expect(Object.keys((await bench.get('/history')) as object)).toEqual(['b', 'c', 'd']);
  });

  it('wakes up by itself', async () => {
    await bench.start({ pace: bench.stepper.pace });
    bench.server.freeze(20_000);
    const answer = bench.get('/prompt');
    expect(bench.stepper.step()).toBe(true);
    expect(await answer).toEqual({ exec_info: { queue_remaining: 0 } });
  });
});
