import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import sharp from 'sharp';
import { Config } from '../../src/config/config.js';
import { DemoGenerator } from '../../src/generation/generators/demo.generator.js';
import { GenerationProgress, GenerationRejectedError, GenerationRequest } from '../../src/generation/image-generator.js';
import { imageGeneratorContract } from './image-generator.contract.js';

// Large pictures take a while where others keep the processors busy.

let seeds = 1_000;

imageGeneratorContract('the demo generator', async () => ({
  generator: demo(160),
  request,
  rejected: [
    ['an unknown workflow', request({ workflow: 'portrait' })],
    ['an unknown parameter', request({ parameters: { sampler: 'euler' } })],
  ],
  close: async () => {},
}));

describe('the demo generator', () => {
  const wish = { prompt: 'Ana, a lighthouse by the sea at dusk', negativePrompt: 'rain', seed: 77, width: 256, height: 192 };

  it('makes the same bytes for the same request, whichever attempt it is', async () => {
    const [first, second] = [await make(request(wish)), await make(request({ ...wish, attempt: 3, parameters: {} }))];

    expect(second.equals(first)).toBe(true);
  });

  it('makes the same bytes in another process', async () => {
    const child = fork(join(__dirname, 'demo.generator.child.mjs'));
    const answers = await once(child, 'message');
    expect(answers).toEqual(['ready', undefined]);
    const asked = request(wish);
    child.send(asked);
    const [base64] = (await once(child, 'message')) as [string];
    child.kill();

    expect(Buffer.from(base64, 'base64').equals(await make(asked))).toBe(true);
  });

  it.each<[string, Partial<GenerationRequest>]>([
    ['prompt', { prompt: 'Ana, a lighthouse by the sea at dusk ' }],
    ['negative prompt', { negativePrompt: null }],
    ['seed', { seed: 78 }],
    ['steps', { steps: 20 }],
    ['cfg', { cfg: 7.5 }],
  ])('makes a picture that looks different for another %s', async (_, change) => {
    expect(await difference(await make(request(wish)), await make(request({ ...wish, ...change })))).toBeGreaterThan(8);
  });

  it('makes pictures that look different for each of many neighbouring seeds', async () => {
    const pictures = await Promise.all(Array.from({ length: 24 }, (_, seed) => make(request({ ...wish, width: 64, height: 64, seed }))));

    for (const [i, picture] of pictures.entries()) {
      for (const other of pictures.slice(i + 1)) expect(await difference(picture, other)).toBeGreaterThan(5);
    }
  });

  it.each(['sea', 'lake', 'mountains', 'forest', 'meadow', 'city', 'desert'])(
    'paints the place that the prompt names, in any light: %s',
    async (place) => {
      for (const light of ['dawn', 'day', 'dusk', 'night', 'snow', 'rain, balloon, aurora', 'lighthouse, boat, cabin']) {
        expect(await richness(await make(request({ prompt: `Ben, ${place}, ${light}`, width: 128, height: 96 })))).toBeGreaterThan(5);
      }
    },
  );

  it.each([
    [64, 64],
    [2048, 64],
    [64, 2048],
    [2048, 2048],
  ])('fills pictures of every shape, %i × %i', async (width, height) => {
    const bytes = await make(request({ ...wish, width, height }));

    expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
    expect(await richness(bytes)).toBeGreaterThan(4);
  });

  it('writes a PNG without any word of the prompt', async () => {
    const bytes = await make(request({ prompt: 'a very secret prompt' }));

    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', channels: 3, hasAlpha: false });
    expect(bytes.toString('latin1')).not.toMatch(/secret|tEXt|iTXt|zTXt|eXIf/);
  });

  it('says before it is asked what it will never make', () => {
    expect(() => demo(0).ableTo(request({ workflow: 'portrait' }))).toThrow(GenerationRejectedError);
    expect(() => demo(0).ableTo(request({ parameters: { sampler: 'euler' } }))).toThrow(GenerationRejectedError);
  });

  it('takes about as long as it is told to', async () => {
    const started = performance.now();
    await demo(300).generate(request(), new AbortController().signal, () => {});

    expect(performance.now() - started).toBeGreaterThanOrEqual(299);
  });

  it('reports nothing once it is stopped, not even the preview that is being painted', async () => {
    const [controller, reports] = [new AbortController(), [] as number[]];
    const making = demo(1).generate(request(), controller.signal, ({ fraction }) => {
      reports.push(fraction);
      if (fraction === 0.5) setImmediate(() => controller.abort(new Error('stop')));
    });

    await expect(making).rejects.toThrow('stop');
    await demo(1).generate(request(), new AbortController().signal, () => {});
    expect(reports).toEqual([0.125, 0.25, 0.375, 0.5]);
  });

  it('leaves no timer behind when it is stopped', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const [before, controller] = [timers(), new AbortController()];
    const making = demo(60_000).generate(request(), controller.signal, () => {});
    expect(timers()).toBe(before + 1);
    controller.abort(new Error('stop'));

    await expect(making).rejects.toThrow('stop');
    expect(timers()).toBe(before);
  });

  it('reports eight steps, and from the middle on shows the picture coming into focus', async () => {
    const asked = request({ ...wish, width: 512, height: 384 });
    const reports: GenerationProgress[] = [];
    const { bytes } = await demo(40).generate(asked, new AbortController().signal, (progress) => reports.push(progress));

    expect(reports.map(({ fraction }) => fraction)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((step) => step / 8));
    expect(reports.map(({ preview }) => preview?.contentType)).toEqual([...Array(3), ...Array(4).fill('image/webp'), undefined]);
    const previews = reports.flatMap(({ preview }) => preview?.bytes ?? []);
    expect(await sharp(previews[0]).metadata()).toMatchObject({ width: 256, height: 192 });
    const distances = await Promise.all(previews.map((preview) => difference(preview, bytes)));
    expect(distances).toEqual(distances.toSorted((a, b) => b - a));
    expect(distances[3]).toBeLessThan(6);
  });

  it('makes no previews when it is told to take no time', async () => {
    const onProgress = jest.fn();
    await demo(0).generate(request(), new AbortController().signal, onProgress);

    expect(onProgress.mock.calls.map(([progress]) => progress)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((step) => ({ fraction: step / 8 })));
  });
});

function demo(time: number): DemoGenerator {
  return new DemoGenerator(Object.assign(new Config(), { DEMO_TIME: time }));
}

function request(overrides: Partial<GenerationRequest> = {}): GenerationRequest {
  return {
    ...{ imageId: randomUUID(), attempt: 1, backend: 'demo', promptId: randomUUID(), earlier: null },
    ...{ workflow: 'demo', prompt: 'Ana, a walk in the hills', negativePrompt: null, seed: seeds++, width: 64, height: 64 },
    ...{ steps: null, cfg: null, parameters: null },
    ...overrides,
  };
}

async function make(asked: GenerationRequest): Promise<Buffer> {
  const { bytes } = await demo(0).generate(asked, new AbortController().signal, () => {});
  return bytes;
}

/** How far two pictures are apart to the eye: the mean over small thumbnails, 0…255. */
async function difference(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all([one, other].map((bytes) => sharp(bytes).resize(32, 32, { fit: 'fill' }).raw().toBuffer()));
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

/** Bits of information in a point of the picture: 0 for one flat colour, 8 for noise. */
async function richness(picture: Buffer): Promise<number> {
  return (await sharp(picture).stats()).entropy;
}
