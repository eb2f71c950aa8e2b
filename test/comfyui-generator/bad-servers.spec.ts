import { ComfyuiUnavailableError, PromptLostError, ServerStuckError } from '../../src/generation/generators/comfyui/comfyui-errors.js';
import { errorOf, isPng, Setting, until } from './setting.js';

/** Longer than any test: pictures that do not end by themselves. */
const NEVER = 3_600_000;

describe('ComfyuiGenerator, when a server goes wrong under a prompt', () => {
  let setting: Setting;
  afterEach(() => setting.stop());

  const running = async (promptId: string) => until(() => setting.runs(promptId).length === 1);

  it('tells at once when the server has ended', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: NEVER }], timings: { silence: NEVER } });
    const request = setting.request();
    const error = errorOf(setting.generate(request));
    await running(request.promptId);
    await setting.server.kill();

    expect(await error).toBeInstanceOf(ComfyuiUnavailableError);
    expect(setting.generator.backends()[0]).toMatchObject({ healthy: false, lastError: expect.stringContaining('ECONNREFUSED') as string });

    await setting.server.revive();
    setting.server.settings.pictureMs = 0;
    await until(() => setting.generator.backends()[0].healthy);
    const earlier = { backend: request.backend, promptId: request.promptId };
    expect(isPng((await setting.generate(setting.request({ earlier }))).bytes)).toBe(true);
  });

  it('notices a restart', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: NEVER }] });
    const request = setting.request();
    const error = errorOf(setting.generate(request));
    await running(request.promptId);
    await setting.server.restart();

    // Whether it asks before the new process listens or after.
    expect([ComfyuiUnavailableError, PromptLostError]).toContain((await error).constructor);
    expect(setting.runs(request.promptId)).toEqual(['killed']);
  });

  it('notices a restart by the numbers that the server gives, even without a socket', async () => {
    setting = await Setting.start();
    setting.server.faults.proxyErrors.always().on('/ws');
    setting.server.dropSockets();
    await setting.generate();
    await setting.generate();
    await setting.server.restart();
    await until(() => setting.generator.backends()[0].healthy);
    await setting.generate();
    expect(setting.lines.some((line) => line.includes('restarted; looking after our prompts'))).toBe(true);
  });

  it('notices when somebody deletes its waiting prompt', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: NEVER }] });
    setting.server.submitForeignJob();
    const request = setting.request();
    const error = errorOf(setting.generate(request));
    await until(() => setting.asked('POST', '/prompt') === 1);
    await fetch(`${setting.server.url}/queue`, { method: 'POST', body: JSON.stringify({ clear: true }) });

    expect(await error).toBeInstanceOf(PromptLostError);
    expect(setting.runs(request.promptId)).toEqual([]);
  });

  it.each([
    ['its prompt runs', false],
    ["somebody else's prompt runs", true],
  ])('moves away from a server whose worker is dead while %s', async (_title, foreign) => {
    setting = await Setting.start({ servers: [{ pictureMs: NEVER }], timings: { stuck: 300 } });
    if (foreign) setting.server.submitForeignJob();
    const errors = [setting.request(), setting.request()].map((request) => errorOf(setting.generate(request)));
    await until(() => setting.asked('POST', '/prompt') === 2 && setting.server.executions.length === 1);
    setting.server.deadWorker();

    for (const error of errors) expect(await error).toBeInstanceOf(ServerStuckError);
    expect(setting.generator.backends()[0]).toMatchObject({ healthy: false, lastError: expect.stringContaining('restart it') as string });
    const queue = (await (await fetch(`${setting.server.url}/queue`)).json()) as { queue_pending: unknown[] };
    expect(queue.queue_pending).toEqual([]);

    await setting.server.restart();
    setting.server.settings.pictureMs = 0;
    await until(() => setting.generator.backends()[0].healthy);
    expect(isPng((await setting.generate()).bytes)).toBe(true);
  });

  it('does not take a slow picture that moves for a dead worker', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 2_000 }], timings: { stuck: 800 } });
    expect(isPng((await setting.generate(setting.request({ steps: 20 }))).bytes)).toBe(true);
  });

  it('does not take a slow picture for a dead worker whose messages stopped coming', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 2_000 }], timings: { stuck: 900, poll: 50 } });
    const request = setting.request({ steps: 40 });
    const picture = setting.generate(request);
    await running(request.promptId);
    setting.server.deafSockets();
    expect(isPng((await picture).bytes)).toBe(true);
  });

  it('does not take a slow picture of which it hears nothing for a dead worker', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 1_200 }], timings: { stuck: 400, deaf: 10_000 } });
    setting.server.faults.proxyErrors.always().on('/ws');
    setting.server.dropSockets();
    expect(isPng((await setting.generate()).bytes)).toBe(true);
  });

  it('waits for a server that is frozen for a while, and runs the prompt once', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 100 }], timings: { request: 200, silence: 5_000 } });
    const requests = [setting.request(), setting.request()];
    const pictures = requests.map((request) => setting.generate(request));
    await running(requests[0].promptId);
    setting.server.freeze();
    await until(() => !setting.generator.backends()[0].healthy);
    expect(setting.generator.backends()[0].lastError).toBe('did not answer within 0.2 s');
    setting.server.thaw();

    for (const picture of pictures) expect(isPng((await picture).bytes)).toBe(true);
    for (const { promptId } of requests) expect(setting.runs(promptId)).toEqual(['success']);
    await until(() => setting.generator.backends()[0].healthy);
  });

  it('runs a prompt once that it sent to a frozen server', async () => {
    setting = await Setting.start({ timings: { request: 200, silence: 5_000 } });
    setting.server.freeze(700);
    const request = setting.request();

    expect(isPng((await setting.generate(request)).bytes)).toBe(true);
    expect(setting.runs(request.promptId)).toEqual(['success']);
  });

  it('leaves a server that stays frozen', async () => {
    setting = await Setting.start({ timings: { request: 100, silence: 400 } });
    setting.server.freeze();

    expect(await errorOf(setting.generate())).toBeInstanceOf(ComfyuiUnavailableError);
    expect(setting.generator.backends()[0].healthy).toBe(false);
    setting.server.thaw();
  });
});
