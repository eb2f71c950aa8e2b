import { ComfyuiUnavailableError } from '../../src/generation/generators/comfyui/comfyui-errors.js';
import type { GenerationProgress } from '../../src/generation/image-generator.js';
import { Stepper } from '../comfyui/stepper.js';
import { errorOf, isPng, Setting, until } from './setting.js';

/** A server whose pictures come on only when told. */
async function held(): Promise<{ setting: Setting; finish: (picture: Promise<unknown>) => Promise<void> }> {
  const stepper = new Stepper();
  const setting = await Setting.start({ servers: [{ pictureMs: 1, pace: stepper.pace }] });
  const finish = async (picture: Promise<unknown>): Promise<void> => {
    let done = false;
    const end = (): void => void (done = true);
    picture.then(end, end);
    await until(() => done || (stepper.step() && false));
  };
  return { setting, finish };
}

describe('ComfyuiGenerator and its websocket', () => {
  let setting: Setting;
  afterEach(() => setting.stop());

  it('goes on over HTTP and opens another when the one it has is deaf', async () => {
    setting = await Setting.start();
    setting.server.deafSockets();
    expect(isPng((await setting.generate()).bytes)).toBe(true);
    await until(() => setting.lines.some((line) => line.includes('deaf')));
    await until(() => setting.generator.backends()[0].healthy);

    await until(() => setting.lines.some((line) => line.includes('open again')));
    expect(await progressOf(setting)).toBeGreaterThan(0);
  });

  it('cuts the one whose pings are not answered, and opens another', async () => {
    setting = await Setting.start({ timings: { ping: 100 } });
    const said = (words: string) => setting.lines.some((line) => line.includes(words));
    setting.server.freeze();
    await until(() => said('the websocket closed'));
    setting.server.thaw();
    await until(() => said('open again'));
    expect(isPng((await setting.generate()).bytes)).toBe(true);
    await until(async () => (await progressOf(setting)) > 0);
  });

  it('finds what ended while the socket was away', async () => {
    let finish;
    ({ setting, finish } = await held());
    const request = setting.request();
    const picture = setting.generate(request);
    await until(() => setting.runs(request.promptId).length === 1);
    setting.server.faults.proxyErrors.always().on('/ws');
    setting.server.dropSockets();
    await finish(picture);

    expect(isPng((await picture).bytes)).toBe(true);
    expect(setting.runs(request.promptId)).toEqual(['success']);
  });

  it('hears the rest of a prompt after reconnecting in the middle of it', async () => {
    let finish;
    ({ setting, finish } = await held());
    const request = setting.request();
    const heard: number[] = [];
    const picture = setting.generate(request, undefined, ({ fraction }) => heard.push(fraction));
    await until(() => heard.length > 2);
    const before = heard.length;
    setting.server.dropSockets();
    await until(() => setting.lines.some((line) => line.includes('open again')));
    await finish(picture);

    expect(isPng((await picture).bytes)).toBe(true);
    expect(heard.length).toBeGreaterThan(before);
  });

  it('waits longer and longer while a proxy refuses the socket, and makes pictures all the same', async () => {
    setting = await Setting.start({ timings: { reconnect: 20, reconnectMax: 100_000 } });
    const { faults } = setting.server;
    faults.proxyStatus = 403;
    faults.proxyErrors.always().on('/ws');
    setting.server.dropSockets();
    const started = performance.now();
    await until(() => faults.proxyErrors.struck === 4);
    // 20 + 40 + 80 ms, less a quarter
    expect(performance.now() - started).toBeGreaterThan(100);

    expect(isPng((await setting.generate()).bytes)).toBe(true);
    expect(setting.lines.filter((line) => line.includes('Unexpected server response: 403'))).toHaveLength(1);
  });

  it('never has two sockets open at once', async () => {
    setting = await Setting.start();
    for (let round = 1; round <= 3; round++) {
      setting.server.deafSockets();
      await setting.generate();
      await until(() => setting.lines.filter((line) => line.includes('deaf')).length === round);
      await until(() => setting.lines.filter((line) => line.includes('open again')).length === round);
      // The server would have made the newer socket deaf if the older one had closed after it was opened.
      expect(await progressOf(setting)).toBeGreaterThan(0);
    }
  });

  it('asks for previews that name their prompt, and takes no others', async () => {
    setting = await Setting.start();
    const heard: GenerationProgress[] = [];
    setting.server.submitForeignJob();
    setting.server.submitForeignJob('somebody');
    await setting.generate(setting.request(), undefined, (each) => heard.push(each));
    const previews = heard.flatMap(({ preview }) => preview ?? []);

    expect(previews.length).toBeGreaterThan(0);
    for (const { bytes, contentType } of previews) {
      expect(contentType).toBe('image/jpeg');
      expect(bytes.subarray(0, 3).toString('hex')).toBe('ffd8ff');
    }
  });

  it('hears nothing of prompts of others, with or without a client id', async () => {
    let finish;
    ({ setting, finish } = await held());
    setting.server.submitForeignJob();
    const heard: number[] = [];
    const early: number[] = [];
    const picture = setting.generate(setting.request(), undefined, ({ fraction }) => {
      (setting.server.executions[0].outcome === 'success' ? heard : early).push(fraction);
    });
    await until(() => setting.asked('POST', '/prompt') === 1);
    await finish(picture);
    expect(early).toEqual([]);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  });

  it('polls while somebody who does not read holds up all messages', async () => {
    setting = await Setting.start();
    setting.server.stallEvents();
    expect(isPng((await setting.generate()).bytes)).toBe(true);
    setting.server.resumeEvents();
  });

  it('takes NaN in messages', async () => {
    setting = await Setting.start();
    setting.server.faults.notANumber.always();
    const heard: number[] = [];
    await setting.generate(setting.request(), undefined, ({ fraction }) => heard.push(fraction));

    expect(setting.server.faults.notANumber.struck).toBeGreaterThan(0);
    expect(heard.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
  });

  it('does without a socket at all', async () => {
    setting = await Setting.start({ timings: { silence: 300 } });
    setting.server.faults.proxyErrors.always().on('/ws');
    setting.server.dropSockets();
    expect(isPng((await setting.generate()).bytes)).toBe(true);
    await setting.server.kill();
    expect(await errorOf(setting.generate())).toBeInstanceOf(ComfyuiUnavailableError);
  });
});

async function progressOf(setting: Setting): Promise<number> {
  let reports = 0;
  await setting.generate(setting.request(), undefined, () => reports++);
  return reports;
}
