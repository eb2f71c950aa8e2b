import { PromptInterruptedError } from '../../src/generation/generators/comfyui/comfyui-errors.js';
import { errorOf, isPng, Setting, until } from './setting.js';

describe('ComfyuiGenerator and the history', () => {
  let setting: Setting;
  afterEach(() => setting.stop());

  it.each(['execution_success', 'executing null'] as const)('waits for a history that is late after %s', async (after) => {
    setting = await Setting.start();
    setting.server.faults.lateHistory = { ms: 500, after };
    const request = setting.request();

    expect(isPng((await setting.generate(request)).bytes)).toBe(true);
    expect(setting.runs(request.promptId)).toEqual(['success']);
  });

  it('takes the files from the messages when somebody clears the history first', async () => {
    setting = await Setting.start();
    const { serverErrors } = setting.server.faults;
    serverErrors.always().on('GET /history');
    const request = setting.request();
    const picture = setting.generate(request);
    await until(() => serverErrors.struck > 0 && setting.runs(request.promptId)[0] === 'success');
    await fetch(`${setting.server.url}/history`, { method: 'POST', body: JSON.stringify({ clear: true }) });
    serverErrors.never();

    expect(isPng((await picture).bytes)).toBe(true);
    expect(setting.runs(request.promptId)).toEqual(['success']);
  });

  it('polls little while it hears, and asks at once when the prompt has ended', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 300 }], timings: { poll: 60_000 } });
    const request = setting.request();
    await setting.generate(request);

    expect(setting.asked('GET', `/history/${request.promptId}`)).toBeLessThanOrEqual(2);
    expect(setting.asked('GET', '/history')).toBe(setting.asked('GET', `/history/${request.promptId}`));
  });

  it('removes its own entries after a while, and no others', async () => {
    setting = await Setting.start({ timings: { keepHistory: 50 } });
    const foreign = setting.server.submitForeignJob();
    const request = setting.request();
    await setting.generate(request);
    await until(() => setting.asked('POST', '/history') === 1);
    const kept = (await (await fetch(`${setting.server.url}/history`)).json()) as object;

    expect(Object.keys(kept)).toEqual([foreign]);
  });

  it('tries again what somebody else interrupted', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 60_000 }] });
    const request = setting.request({ steps: 1_000 });
    const error = errorOf(setting.generate(request));
    await until(() => setting.runs(request.promptId).length === 1);
    await fetch(`${setting.server.url}/interrupt`, { method: 'POST' });

    expect(await error).toBeInstanceOf(PromptInterruptedError);
  });

  it('goes on after a blocked branch, which is reported like an error', async () => {
    setting = await Setting.start();
    setting.server.faults.blockedNodes.next(1);
    expect(isPng((await setting.generate()).bytes)).toBe(true);
    expect(setting.server.faults.blockedNodes.struck).toBe(1);
  });
});
