import { randomUUID } from 'node:crypto';
import { GenerationRejectedError } from '../../src/generation/image-generator.js';
import { errorOf, isPng, Setting, until } from './setting.js';

describe('ComfyuiGenerator and an earlier attempt', () => {
  let setting: Setting;
  afterEach(() => setting.stop());

  const [left, right] = [0, 1];
  const name = (server: number) => setting.generator.backends()[server].name;
  /** Sends a prompt as a worker that died since would have. */
  const orphan = async (server: number): Promise<{ backend: string; promptId: string }> => {
    const dead = await Setting.start({ servers: [], config: { COMFYUI_URLS: [setting.servers[server].url] } as object });
    const promptId = randomUUID();
    const stop = new AbortController();
    void dead.generate(dead.request({ promptId }), stop.signal).catch(() => undefined);
    await until(
      () =>
        setting.runs(promptId).length === 1 ||
        setting.servers[server].requests.some(({ method, path }) => method === 'POST' && path === '/prompt'),
    );
    await dead.generator.onApplicationShutdown();
    return { backend: name(server), promptId };
  };

  it.each([left, right])('takes the picture that is done on server %d', async (server) => {
    setting = await Setting.start({ servers: [{}, {}] });
    const first = setting.request({ backend: name(server) });
    const bytes = (await setting.generate(first)).bytes;
    const second = setting.request({ backend: name(left), earlier: { backend: name(server), promptId: first.promptId } });

    expect(await setting.generate(second)).toEqual({ bytes, backend: name(server) });
    expect(setting.runs(second.promptId)).toEqual([]);
  });

  it.each([left, right])('follows the prompt that still runs on server %d', async (server) => {
    setting = await Setting.start({ servers: [{ pictureMs: 400 }, { pictureMs: 400 }] });
    const earlier = await orphan(server);
    const request = setting.request({ backend: name(left), earlier });

    expect(await setting.generate(request)).toMatchObject({ backend: name(server) });
    expect(setting.runs(earlier.promptId)).toEqual(['success']);
    expect(setting.runs(request.promptId)).toEqual([]);
  });

  it.each([
    ['has forgotten it', () => setting.servers[right].restart()],
    ['is gone', () => setting.servers[right].kill()],
    ['is frozen', () => setting.servers[right].freeze()],
  ])('makes the picture anew when the server %s', async (_title, harm) => {
    setting = await Setting.start({ servers: [{}, {}], timings: { request: 200 } });
    const first = setting.request({ backend: name(right) });
    await setting.generate(first);
    await harm();
    const second = setting.request({ earlier: { backend: name(right), promptId: first.promptId } });

    expect(await setting.generate(second)).toMatchObject({ backend: name(left) });
    expect(setting.runs(second.promptId)).toEqual(['success']);
  });

  it('makes the picture anew when the server was taken off the list', async () => {
    setting = await Setting.start();
    const picture = await setting.generate(setting.request({ earlier: { backend: 'gone:8188', promptId: randomUUID() } }));
    expect(isPng(picture.bytes)).toBe(true);
  });

  it('asks again before it gives up on the server', async () => {
    setting = await Setting.start();
    const first = setting.request();
    await setting.generate(first);
    setting.server.faults.serverErrors.next(2).on('/queue', '/history');
    const second = setting.request({ earlier: first });

    await setting.generate(second);
    expect(setting.server.faults.serverErrors.struck).toBe(2);
    expect(setting.runs(second.promptId)).toEqual([]);
  });

  it('makes the picture anew when somebody interrupted it, or it ran out of memory', async () => {
    setting = await Setting.start();
    setting.server.faults.outOfMemory.next(3);
    const first = setting.request();
    expect(await errorOf(setting.generate(first))).toBeInstanceOf(GenerationRejectedError);

    const second = setting.request({ earlier: first });
    expect(isPng((await setting.generate(second)).bytes)).toBe(true);
    expect(setting.runs(second.promptId)).toEqual(['success']);
  });

  it('rejects what an earlier attempt was rejected for', async () => {
    setting = await Setting.start();
    setting.server.faults.nodeErrors.next(1);
    const first = setting.request();
    const rejection = await errorOf(setting.generate(first));

    expect(rejection).toBeInstanceOf(GenerationRejectedError);
    expect(await errorOf(setting.generate(setting.request({ earlier: first })))).toEqual(rejection);
  });

  it('withdraws the earlier prompt when aborted while following it', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 60_000 }] });
    const earlier = await orphan(left);
    const stop = new AbortController();
    const error = errorOf(setting.generate(setting.request({ earlier }), stop.signal));
    await until(() => setting.asked('GET', `/history/${earlier.promptId}`) > 1);
    stop.abort(new Error('enough'));

    expect((await error).message).toBe('enough');
    expect(setting.server.requests.filter(({ path }) => path === '/interrupt').map(({ body }) => body)).toContain(
      JSON.stringify({ prompt_id: earlier.promptId }),
    );
  });
});
