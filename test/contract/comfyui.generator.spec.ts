import { ComfyuiTimings } from '../../src/generation/generators/comfyui/comfyui-timings.js';
import { Setting } from '../comfyui-generator/setting.js';
import { imageGeneratorContract } from './image-generator.contract.js';

/** A real server to be tested instead of the fake ones. */
const url = process.env.COMFYUI_URL;

// Large pictures take a while where others keep the processors busy, and a long while on a real server.
if (url) jest.setTimeout(1_800_000);

imageGeneratorContract('the ComfyUI generator', async () => {
  const setting = await Setting.start(
    url
      ? { servers: [], config: { COMFYUI_URLS: [url] }, timings: new ComfyuiTimings() }
      : { servers: [{ pictureMs: 100 }, { pictureMs: 100, version: '0.38.0' }], timings: { request: 5_000 } },
  );
  let seed = 1_000;
  const request: Setting['request'] = (overrides) => setting.request({ seed: seed++, ...overrides });
  return {
    generator: setting.generator,
    request,
    rejected: [
      ['an unknown workflow', request({ workflow: 'portrait' })],
      ['an unknown parameter', request({ parameters: { nope: 1 } })],
      ['an unknown checkpoint', request({ parameters: { checkpoint: 'nope.safetensors' } })],
      ['a value out of range', request({ cfg: 101 })],
      ['an embedding that ComfyUI would pass over', request({ prompt: 'a cat,embedding:luna' })],
    ],
    close: () => setting.stop(),
  };
});
