import type { ModelFolders } from './model-folders.js';
import type { OutputFiles } from './output-files.js';
import { samplers, schedulers } from './sampler-names.js';

type Options = Record<string, unknown>;

/** A type and its options, or a list of allowed values, perhaps one that depends on the files of the server. */
export type InputSpec = [type: string | string[] | ((shelf: Shelf) => string[]), options?: Options];

/** Where lists of allowed values come from. */
export interface Shelf {
  models: ModelFolders;
  files: OutputFiles;
}

export interface NodeClass {
  required: Record<string, InputSpec>;
  optional?: Record<string, InputSpec>;
  hidden?: Record<string, string>;
  output: string[];
  outputNode?: boolean;
  title: string;
  category: string;
}

const biggestSeed = 18446744073709551615n;
const int = (min: number, max: number, rest: Options = {}): InputSpec => ['INT', { default: Math.max(min, 1), min, max, ...rest }];
const float = (min: number, max: number, preset: number): InputSpec => ['FLOAT', { default: preset, min, max, step: 0.01 }];
const seed: InputSpec = ['INT', { default: 0, min: 0, max: biggestSeed, control_after_generate: true, tooltip: 'Starts the noise.' }];
const images: InputSpec = ['IMAGE', { tooltip: 'What to save.' }];
const pngInfo = { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' };
const modelFile = (folder: string, tooltip: string): InputSpec => [({ models }) => models.list(folder)!, { tooltip }];
const sampling: Record<string, InputSpec> = {
  steps: int(1, 10_000),
  cfg: float(0, 100, 8),
  sampler_name: [samplers, { tooltip: 'How the noise is taken away.' }],
  scheduler: [schedulers, { tooltip: 'How much of it in each step.' }],
  positive: ['CONDITIONING', {}],
  negative: ['CONDITIONING', {}],
  latent_image: ['LATENT', {}],
};

/** The node classes that this server knows: the classic ones and the recording's own RecSlow and RecFail. */
export const nodeClasses: Record<string, NodeClass> = {
  CheckpointLoaderSimple: {
    required: { ckpt_name: modelFile('checkpoints', 'Which checkpoint file.') },
    output: ['MODEL', 'CLIP', 'VAE'],
    title: 'Load Checkpoint',
    category: 'loaders',
  },
  LoraLoader: {
    required: {
      model: ['MODEL', {}],
      clip: ['CLIP', {}],
      lora_name: modelFile('loras', 'Which LoRA file.'),
      strength_model: float(-100, 100, 1),
      strength_clip: float(-100, 100, 1),
    },
    output: ['MODEL', 'CLIP'],
    title: 'Load LoRA',
    category: 'loaders',
  },
  VAELoader: { required: { vae_name: modelFile('vae', 'Which VAE file.') }, output: ['VAE'], title: 'Load VAE', category: 'loaders' },
  CLIPSetLastLayer: {
    required: { clip: ['CLIP', {}], stop_at_clip_layer: int(-24, -1) },
    output: ['CLIP'],
    title: 'CLIP Set Last Layer',
    category: 'conditioning',
  },
  CLIPTextEncode: {
    required: { text: ['STRING', { multiline: true, dynamicPrompts: true }], clip: ['CLIP', {}] },
    output: ['CONDITIONING'],
    title: 'CLIP Text Encode (Prompt)',
    category: 'conditioning',
  },
  ConditioningZeroOut: {
    required: { conditioning: ['CONDITIONING', {}] },
    output: ['CONDITIONING'],
    title: 'ConditioningZeroOut',
    category: 'advanced/conditioning',
  },
  EmptyLatentImage: {
    required: { width: int(16, 16_384, { step: 8 }), height: int(16, 16_384, { step: 8 }), batch_size: int(1, 4096) },
    output: ['LATENT'],
    title: 'Empty Latent Image',
    category: 'latent',
  },
  KSampler: {
    required: { model: ['MODEL', {}], seed, ...sampling, denoise: float(0, 1, 1) },
    output: ['LATENT'],
    title: 'KSampler',
    category: 'sampling',
  },
  KSamplerAdvanced: {
    required: { model: ['MODEL', {}], noise_seed: seed, ...sampling },
    optional: { add_noise: [['enable', 'disable'], {}], start_at_step: int(0, 10_000), end_at_step: int(0, 10_000) },
    output: ['LATENT'],
    title: 'KSampler (Advanced)',
    category: 'sampling',
  },
  VAEDecode: {
    required: { samples: ['LATENT', {}], vae: ['VAE', {}] },
    output: ['IMAGE'],
    title: 'VAE Decode',
    category: 'latent',
  },
  EmptyImage: {
    required: { width: int(1, 16_384), height: int(1, 16_384), batch_size: int(1, 4096), color: int(0, 16_777_215) },
    output: ['IMAGE'],
    title: 'EmptyImage',
    category: 'image',
  },
  ImageInvert: { required: { image: ['IMAGE', {}] }, output: ['IMAGE'], title: 'Invert Image', category: 'image' },
  LoadImage: {
    required: { image: [({ files }) => files.list().filter(isInput).map(nameOf), { image_upload: true }] },
    output: ['IMAGE', 'MASK'],
    title: 'Load Image',
    category: 'image',
  },
  SaveImage: {
    required: { images, filename_prefix: ['STRING', { default: 'ComfyUI' }] },
    hidden: pngInfo,
    output: [],
    outputNode: true,
    title: 'Save Image',
    category: 'image',
  },
  PreviewImage: {
    required: { images },
    hidden: pngInfo,
    output: [],
    outputNode: true,
    title: 'Preview Image',
    category: 'image',
  },
  SaveImageWebsocket: { required: { images }, output: [], outputNode: true, title: 'SaveImageWebsocket', category: 'api/image' },
  RecSlow: {
    required: { images, steps: int(1, 10_000), step_ms: int(0, 60_000), report: ['BOOLEAN', { default: true }] },
    output: ['IMAGE'],
    title: 'RecSlow',
    category: 'recording',
  },
  RecFail: { required: { images, message: ['STRING', {}] }, output: ['IMAGE'], title: 'RecFail', category: 'recording' },
};

/** One entry of GET /object_info. */
export function objectInfo(name: string, shelf: Shelf): object {
  const { required, optional, hidden, output, outputNode, title, category } = nodeClasses[name];
  const groups = { required: filled(required, shelf), ...(optional && { optional: filled(optional, shelf) }), ...(hidden && { hidden }) };
  return {
    input: groups,
    input_order: Object.fromEntries(Object.entries(groups).map(([group, inputs]) => [group, Object.keys(inputs)])),
    output,
    output_is_list: output.map(() => false),
    output_name: output,
    name,
    display_name: title,
    description: '',
    python_module: 'nodes',
    category,
    output_node: outputNode ?? false,
  };
}

/** The spec as ComfyUI shows it: allowed values as a plain list. */
export function shown([type, options]: InputSpec, shelf: Shelf): [string | string[], Options?] {
  const known = typeof type === 'function' ? type(shelf) : type;
  return options ? [known, options] : [known];
}

function filled(inputs: Record<string, InputSpec>, shelf: Shelf): object {
  return Object.fromEntries(Object.entries(inputs).map(([name, spec]) => [name, shown(spec, shelf)]));
}

function isInput(path: string): boolean {
  return path.startsWith('input/');
}

function nameOf(path: string): string {
  return path.slice('input/'.length);
}
