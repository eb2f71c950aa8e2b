import { ComfyuiUnavailableError } from '../../src/generation/generators/comfyui/comfyui-errors.js';
import { errorOf, isPng, Setting } from './setting.js';

describe('ComfyuiGenerator, when answers to its prompt go wrong', () => {
  let setting: Setting;
  beforeEach(async () => {
    setting = await Setting.start();
  });
  afterEach(() => setting.stop());

  it.each([
    ['is lost', 'loseReplies'],
    ['is a 500 although the prompt was queued', 'failAfterQueueing'],
    ['comes after the prompt has ended', 'lateReplies'],
  ] as const)('runs the prompt once if the answer %s', async (_title, fault) => {
    setting.server.faults[fault].next(1);
    const request = setting.request();

    expect(isPng((await setting.generate(request)).bytes)).toBe(true);
    expect(setting.server.faults[fault].struck).toBe(1);
    expect(setting.runs(request.promptId)).toEqual(['success']);
    expect(setting.asked('POST', '/prompt')).toBe(1);
  });

  it.each([
    ['the connection breaks before anything was read', 'resetRequests'],
    ['the server fails before anything was queued', 'serverErrors'],
    ['a proxy answers for it', 'proxyErrors'],
    ['nothing ever comes back', 'hangRequests'],
  ] as const)('sends the prompt again if %s', async (_title, fault) => {
    setting.server.faults[fault].next(1).on('POST /prompt');
    const request = setting.request();

    expect(isPng((await setting.generate(request)).bytes)).toBe(true);
    expect(setting.server.faults[fault].struck).toBe(1);
    expect(setting.runs(request.promptId)).toEqual(['success']);
    expect(setting.asked('POST', '/prompt')).toBe(2);
  });

  it('looks before it sends again even if looking fails as well', async () => {
    setting.server.faults.loseReplies.next(1);
    setting.server.faults.serverErrors.next(5).on('/queue', '/history');
    const request = setting.request();

    await setting.generate(request);
    expect(setting.server.faults.serverErrors.struck).toBe(5);
    expect(setting.runs(request.promptId)).toEqual(['success']);
  });

  it('gives up for the time being after the third try', async () => {
    setting.server.faults.serverErrors.always().on('POST /prompt');

    expect(await errorOf(setting.generate())).toBeInstanceOf(ComfyuiUnavailableError);
    expect(setting.asked('POST', '/prompt')).toBe(3);
  });

  it('does not look for a prompt that cannot have arrived', async () => {
    await setting.server.kill();
    const error = await errorOf(setting.generate());

    expect(error).toBeInstanceOf(ComfyuiUnavailableError);
    expect(error.message).toContain('ECONNREFUSED');
    expect(setting.generator.backends()).toMatchObject([{ healthy: false, lastError: 'cannot be reached (ECONNREFUSED)' }]);
  });

  it('survives failures of every route now and then', async () => {
    setting.server.faults.serverErrors.withProbability(0.2);
    setting.server.faults.resetRequests.withProbability(0.1);
    const requests = Array.from({ length: 20 }, () => setting.request());
    const pictures = await Promise.allSettled(requests.map((request) => setting.generate(request)));

    const errors = pictures.flatMap((picture) => (picture.status === 'rejected' ? [picture.reason as Error] : []));
    expect(errors.filter((error) => !(error instanceof ComfyuiUnavailableError))).toEqual([]);
    expect(pictures.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(15);
    for (const { promptId } of requests) expect(setting.runs(promptId).length).toBeLessThanOrEqual(1);
  });
});
