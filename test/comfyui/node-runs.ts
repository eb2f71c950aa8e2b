import sharp from 'sharp';
import { embeddingsFound } from './embedding-words.js';
import type { NodeResult } from './node-cache.js';
import { type Drawing, type Latent, NodeError, type NodeRun } from './node-run.js';
import { paintPlain } from './picture.js';
import { sample } from './sampling.js';
import { saveImages, sendImages } from './saving.js';

/** What each class does. */
export const nodeRuns: Record<string, (run: NodeRun) => Promise<NodeResult> | NodeResult> = {
  CheckpointLoaderSimple: ({ inputs }) => ({ outputs: [inputs.ckpt_name, inputs.ckpt_name, inputs.ckpt_name] }),
  LoraLoader: ({ inputs }) => ({ outputs: [`${inputs.model}+${inputs.lora_name}`, inputs.clip] }),
  VAELoader: ({ inputs }) => ({ outputs: [inputs.vae_name] }),
  CLIPSetLastLayer: ({ inputs }) => ({ outputs: [inputs.clip] }),
  CLIPTextEncode: encodeText,
  ConditioningZeroOut: () => ({ outputs: [{ text: '', embeddings: [] }] }),
  EmptyLatentImage: ({ inputs }) => ({ outputs: [{ width: inputs.width, height: inputs.height, batch: inputs.batch_size, drawings: [] }] }),
  KSampler: (run) => sample(run, run.inputs.seed),
  KSamplerAdvanced: (run) => sample(run, run.inputs.noise_seed),
  VAEDecode: ({ inputs }) => ({ outputs: [decoded(inputs.samples)] }),
  EmptyImage: ({ inputs }) => ({ outputs: [plain(inputs.width, inputs.height, inputs.batch_size, inputs.color)] }),
  ImageInvert: ({ inputs }) => ({ outputs: [inputs.image.map(inverted)] }),
  LoadImage: loadImage,
  SaveImage: (run) => saveImages(run, 'output', run.inputs.filename_prefix),
  PreviewImage: (run) => saveImages(run, 'temp', `ComfyUI_temp_${fiveLetters(run.execution.promptId)}`),
  SaveImageWebsocket: sendImages,
  RecSlow: passSlowly,
  RecFail: ({ inputs }) => {
    throw new NodeError('RuntimeError', inputs.message, { images: ['tensor([[[[0.0000, 0.0000, 0.0824]]]])'], message: [inputs.message] });
  },
};

function encodeText({ inputs, inside }: NodeRun): NodeResult {
  try {
    return { outputs: [{ text: inputs.text, embeddings: embeddingsFound(inputs.text, inside.models) }] };
  } catch (error) {
    throw new NodeError('IndexError', (error as Error).message);
  }
}

function decoded(latent: Latent): Drawing[] {
  return latent.drawings.length > 0 ? latent.drawings : plain(latent.width, latent.height, latent.batch, 0x808080);
}

function plain(width: number, height: number, count: number, color: number): Drawing[] {
  return Array.from({ length: count }, () => () => paintPlain(width, height, color));
}

function inverted(drawing: Drawing): Drawing {
  return async () =>
    sharp(await drawing())
      .negate({ alpha: false })
      .png()
      .toBuffer();
}

function loadImage({ inputs, inside }: NodeRun): NodeResult {
  const file = inside.files.read('input', '', inputs.image);
  if (!file) throw new NodeError('FileNotFoundError', `[Errno 2] No such file or directory: '/srv/comfy/base/input/${inputs.image}'`);
  return { outputs: [[async () => file.bytes], []] };
}

/** Interruptible only where it reports, like any node. */
async function passSlowly({ id, inputs, messages, pause, checkInterrupt }: NodeRun): Promise<NodeResult> {
  for (let step = 1; step <= inputs.steps; step++) {
    await pause(inputs.step_ms);
    if (!inputs.report) continue;
    checkInterrupt();
    messages.progress(id, step, inputs.steps);
  }
  return { outputs: [inputs.images] };
}

function fiveLetters(seed: string): string {
  const codes = Buffer.from(seed.padEnd(5)).subarray(0, 5);
  return String.fromCharCode(...codes.map((code) => 97 + (code % 26)));
}
