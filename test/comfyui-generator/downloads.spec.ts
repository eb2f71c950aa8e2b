import sharp from 'sharp';
import { OutputMissingError } from '../../src/generation/generators/comfyui/comfyui-errors.js';
import { DamagedPictureError } from '../../src/generation/generators/comfyui/strip-metadata.js';
import { errorOf, isPng, Setting } from './setting.js';

describe('ComfyuiGenerator and its downloads', () => {
  let setting: Setting;
  afterEach(() => setting.stop());

  it.each([
    ['cut', 'cutDownloads'],
    ['cut, with a length to match', 'truncateDownloads'],
    ['garbage', 'garbageDownloads'],
    ['stalled half-way', 'stallDownloads'],
    ['refused', 'serverErrors'],
    ['answered by a proxy', 'proxyErrors'],
  ] as const)('reads again what was %s', async (_title, fault) => {
    setting = await Setting.start({ timings: { request: 300 } });
    setting.server.faults[fault].next(2);
    if (fault === 'serverErrors' || fault === 'proxyErrors') setting.server.faults[fault].on('/view');
    const request = setting.request();
    const { bytes } = await setting.generate(request);

    expect(isPng(bytes)).toBe(true);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 64, height: 64 });
    expect(setting.server.faults[fault].struck).toBe(2);
    expect(setting.runs(request.promptId)).toEqual(['success']);
  });

  it('gives up for the time being on a file that is always damaged', async () => {
    setting = await Setting.start();
    setting.server.faults.truncateDownloads.always();
    expect(await errorOf(setting.generate())).toBeInstanceOf(DamagedPictureError);
  });

  it('makes a picture again whose file was deleted', async () => {
    setting = await Setting.start();
    setting.server.faults.deleteBeforeDownload.next(1);
    const first = setting.request();
    expect(await errorOf(setting.generate(first))).toBeInstanceOf(OutputMissingError);

    const second = setting.request({ imageId: first.imageId, attempt: 2, earlier: { backend: first.backend, promptId: first.promptId } });
    expect(isPng((await setting.generate(second)).bytes)).toBe(true);
    expect(setting.runs(second.promptId)).toEqual(['success']);
  });

  it('reads files only as they are stored, since conversions hold up the whole server', async () => {
    setting = await Setting.start();
    await setting.generate();
    const views = setting.server.requests.filter(({ path }) => path === '/view').map(({ query }) => query);

    expect(views).toHaveLength(1);
    expect(views[0]).not.toMatch(/preview|channel/);
    expect(views[0]).toMatch(/type=output/);
  });

  it.each([
    ['classic', '0.3.64'],
    ['lru', '0.38.0'],
  ] as const)('gets a new file for the same prompt and seed with a %s cache', async (cache, version) => {
    setting = await Setting.start({ servers: [{ cache, version }] });
    const first = setting.request();
    const bytes = [
      await setting.generate(first),
      await setting.generate(setting.request()),
      await setting.generate({ ...first, promptId: setting.request().promptId, attempt: 2 }),
    ];

    expect(new Set(setting.server.requests.filter(({ path }) => path === '/view').map(({ query }) => query)).size).toBe(3);
    for (const picture of bytes) expect(isPng(picture.bytes)).toBe(true);
  });

  it('takes the prompt out of the file, unless asked to keep it', async () => {
    setting = await Setting.start();
    const prompt = 'nobody must read this';
    const { bytes } = await setting.generate(setting.request({ prompt }));
    expect(bytes.includes(prompt)).toBe(false);
    expect(bytes.includes('CLIPTextEncode')).toBe(false);
    await setting.stop();

    setting = await Setting.start({ config: { KEEP_PROMPT_METADATA: true } as object });
    const kept = await setting.generate(setting.request({ prompt }));
    expect(kept.bytes.includes(prompt)).toBe(true);
    expect(await sharp(kept.bytes).raw().toBuffer()).toEqual(await sharp(bytes).raw().toBuffer());
  });
});
