import { errorOf, Setting, until } from './setting.js';

const NEVER = 3_600_000;
const REASON = new Error('cancelled by its owner');

describe('ComfyuiGenerator, when it is aborted', () => {
  let setting: Setting;
  let abort: AbortController;
  beforeEach(() => {
    abort = new AbortController();
  });
  afterEach(() => setting.stop());

  const bodies = (path: string) =>
    setting.server.requests.filter((one) => one.method === 'POST' && one.path === path).map(({ body }) => JSON.parse(body) as unknown);
  const queue = async () =>
    (await (await fetch(`${setting.server.url}/queue`)).json()) as Record<'queue_running' | 'queue_pending', unknown[][]>;

  it('interrupts the prompt that runs, by its id', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 60_000 }] });
    const request = setting.request({ steps: 3_000 });
    const error = errorOf(setting.generate(request, abort.signal));
    await until(() => setting.runs(request.promptId).length === 1);
    abort.abort(REASON);

    expect(await error).toBe(REASON);
    expect(bodies('/queue')).toEqual([{ delete: [request.promptId] }]);
    expect(bodies('/interrupt')).toEqual([{ prompt_id: request.promptId }]);
    await until(() => setting.runs(request.promptId)[0] === 'interrupted');
  });

  it('deletes the prompt that waits, and leaves those of others alone', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: NEVER }] });
    const foreign = [setting.server.submitForeignJob('somebody'), setting.server.submitForeignJob()];
    const request = setting.request();
    const error = errorOf(setting.generate(request, abort.signal));
    await until(async () => (await queue()).queue_pending.length === 2);
    abort.abort(REASON);

    expect(await error).toBe(REASON);
    const { queue_running, queue_pending } = await queue();
    expect([...queue_running, ...queue_pending].map(([, id]) => id)).toEqual(foreign);
    expect(setting.runs(foreign[0])).toEqual(['running']);
    expect(setting.runs(request.promptId)).toEqual([]);
  });

  it('withdraws a prompt whose answer it has not got yet', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: NEVER }], timings: { request: 200, withdraw: 2_000 } });
    setting.server.faults.lateReplies.next(1);
    const request = setting.request();
    const error = errorOf(setting.generate(request, abort.signal));
    await until(() => setting.runs(request.promptId).length === 1);
    abort.abort(REASON);

    expect(await error).toBe(REASON);
    expect(bodies('/interrupt')).toEqual([{ prompt_id: request.promptId }]);
  });

  it.each([
    ['fails now and then', 'serverErrors'],
    ['breaks connections now and then', 'resetRequests'],
  ] as const)('tries again to withdraw from a server that %s', async (_title, fault) => {
    setting = await Setting.start({ servers: [{ pictureMs: 60_000 }] });
    const request = setting.request({ steps: 3_000 });
    const error = errorOf(setting.generate(request, abort.signal));
    await until(() => setting.runs(request.promptId).length === 1);
    setting.server.faults[fault].next(3).on('POST');
    abort.abort(REASON);

    expect(await error).toBe(REASON);
    await until(() => setting.runs(request.promptId)[0] === 'interrupted');
  });

  it('does not wait for a server that is frozen', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: NEVER }], timings: { withdraw: 100, request: 60_000 } });
    const request = setting.request();
    const error = errorOf(setting.generate(request, abort.signal));
    await until(() => setting.runs(request.promptId).length === 1);
    setting.server.freeze();
    abort.abort(REASON);

    expect(await error).toBe(REASON);
    expect(setting.lines.some((line) => line.includes('could not withdraw'))).toBe(true);
  });

  it('does nothing at all when it is aborted beforehand', async () => {
    setting = await Setting.start();
    abort.abort(REASON);

    expect(await errorOf(setting.generate(setting.request(), abort.signal))).toBe(REASON);
    expect(setting.asked('POST', '/')).toBe(0);
  });

  it('ends at every moment of the way, and leaves nothing behind', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 20 }] });
    for (let ms = 0; ms < 60; ms += 3) {
      const stop = new AbortController();
      const picture = setting.generate(setting.request({ steps: 20 }), stop.signal).catch((error: Error) => error);
      const timer = setTimeout(() => stop.abort(REASON), ms);
      const result = await picture;
      clearTimeout(timer);
      expect([REASON, 'picture']).toContain(result instanceof Error ? result : 'picture');
    }
    await until(async () => Object.values(await queue()).flat().length === 0);
    for (const body of bodies('/interrupt')) expect(body).toEqual({ prompt_id: expect.any(String) as string });
    for (const body of bodies('/queue')) expect(Object.keys(body as object)).toEqual(['delete']);
  });
});
