import type { ApiGraph } from './api-graph.js';

/** Stable Diffusion 1.5, text to image: the graph that ComfyUI itself begins with. Its empty checkpoint name stands for any that a server has. */
export const TXT2IMG: ApiGraph = {
  '3': {
    class_type: 'KSampler',
    inputs: {
      seed: 0,
      steps: 20,
      cfg: 7,
      sampler_name: 'euler',
      scheduler: 'normal',
      denoise: 1,
      model: ['4', 0],
      positive: ['6', 0],
      negative: ['7', 0],
      latent_image: ['5', 0],
    },
  },
  '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: '' } },
  '5': { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 512, batch_size: 1 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: '', clip: ['4', 1] } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: '', clip: ['4', 1] } },
  '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
  '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'filmroll', images: ['8', 0] } },
};

/** The parameters file of `TXT2IMG`. */
export const TXT2IMG_PARAMETERS = {
  sampler: { node: 'KSampler', input: 'sampler_name', type: 'string' },
  scheduler: { node: 'KSampler', input: 'scheduler', type: 'string' },
};
