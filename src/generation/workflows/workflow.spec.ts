import fc from 'fast-check';
import type { ApiGraph } from './api-graph.js';
import { readWorkflow } from './read-workflow.js';
import { TXT2IMG, TXT2IMG_PARAMETERS } from './txt2img.js';
import type { Workflow, WorkflowValues } from './workflow.js';
import { WorkflowInputError } from './workflow-errors.js';

const values: WorkflowValues = {
  prompt: 'a lighthouse',
  negativePrompt: 'fog',
  seed: 7,
  width: 640,
  height: 384,
  steps: 30,
  cfg: 5.5,
  filenamePrefix: 'batch/1',
  parameters: null,
  anyCheckpoint: null,
};

function workflow(graph: unknown, parameters: unknown = {}): Workflow {
  const read = readWorkflow('test', { graph, parameters });
  expect(read.faults).toEqual([]);
  return read.workflow!;
}

/** The inputs of each node after building, without those that are links. */
function built(graph: ApiGraph, change: Partial<WorkflowValues> = {}, parameters: unknown = {}) {
  const { graph: result } = workflow(graph, parameters).build({ ...values, ...change });
  return Object.fromEntries(Object.entries(result).map(([id, node]) => [id, node.inputs]));
}

const encode = (text: unknown, clip = 'load') => ({ class_type: 'CLIPTextEncode', inputs: { text, clip: [clip, 1] } });
const load = { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd15.safetensors' } };
const latent = { class_type: 'EmptyLatentImage', inputs: { width: 512, height: 512, batch_size: 4 } };
const decode = (samples: string) => ({ class_type: 'VAEDecode', inputs: { samples: [samples, 0], vae: ['load', 2] } });
const save = (images: string, prefix: unknown = 'ComfyUI') => ({
  class_type: 'SaveImage',
  inputs: { filename_prefix: prefix, images: [images, 0] },
});
const sampler = (inputs: object) => ({
  class_type: 'KSampler',
  inputs: {
    seed: 1,
    steps: 20,
    cfg: 8,
    denoise: 1,
    model: ['load', 0],
    positive: ['pos', 0],
    negative: ['neg', 0],
    latent_image: ['latent', 0],
    ...inputs,
  },
});
const classic: ApiGraph = {
  load,
  latent,
  pos: encode('a cat'),
  neg: encode('blurry'),
  sampler: sampler({}),
  decode: decode('sampler'),
  save: save('decode'),
};

describe('the built-in workflow', () => {
  const txt2img = workflow(TXT2IMG, TXT2IMG_PARAMETERS);

  it('is the classic graph with every standard value in its place', () => {
    expect(txt2img.build({ ...values, anyCheckpoint: 'sd15.safetensors' })).toEqual({
      graph: {
        '3': {
          class_type: 'KSampler',
          inputs: {
            seed: 7,
            steps: 30,
            cfg: 5.5,
            sampler_name: 'euler',
            scheduler: 'normal',
            denoise: 1,
            model: ['4', 0],
            positive: ['6', 0],
            negative: ['7', 0],
            latent_image: ['5', 0],
          },
        },
        '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'sd15.safetensors' } },
        '5': { class_type: 'EmptyLatentImage', inputs: { width: 640, height: 384, batch_size: 1 } },
        '6': { class_type: 'CLIPTextEncode', inputs: { text: 'a lighthouse', clip: ['4', 1] } },
        '7': { class_type: 'CLIPTextEncode', inputs: { text: 'fog', clip: ['4', 1] } },
        '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
        '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'batch/1', images: ['8', 0] } },
      },
      outputs: ['9'],
      prompts: ['a lighthouse', 'fog'],
      checkpoints: ['sd15.safetensors'],
    });
  });

  it('takes checkpoint, sampler and scheduler as parameters', () => {
    const parameters = { checkpoint: 'other.safetensors', sampler: 'dpmpp_2m', scheduler: 'karras' };
    const result = txt2img.build({ ...values, parameters, anyCheckpoint: 'sd15.safetensors' });
    expect(txt2img.parameterNames).toEqual(['checkpoint', 'sampler', 'scheduler']);
    expect(result.graph['3'].inputs).toMatchObject({ sampler_name: 'dpmpp_2m', scheduler: 'karras' });
    expect(result.checkpoints).toEqual(['other.safetensors']);
  });

  it('tells that no checkpoint was named where none was offered', () => {
    expect(txt2img.build(values).checkpoints).toEqual(['']);
  });
});

describe('build', () => {
  it('never changes the file’s graph, and gives each caller its own', () => {
    const before = structuredClone(classic);
    const one = workflow(classic);
    const first = one.build(values);
    first.graph.save.inputs.filename_prefix = 'spoilt';
    first.outputs.pop();
    expect(classic).toEqual(before);
    expect(one.build(values)).toMatchObject({ graph: { save: { inputs: { filename_prefix: 'batch/1' } } }, outputs: ['save'] });
  });

  it('leaves what the file has where a value is null, the batch size excepted', () => {
    const result = built(classic, { negativePrompt: null, steps: null, cfg: null });
    expect(result).toMatchObject({ neg: { text: 'blurry' }, sampler: { steps: 20, cfg: 8 }, latent: { batch_size: 1 } });
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('refuses the seed %d', (seed) => {
    expect(() => workflow(classic).build({ ...values, seed })).toThrow(WorkflowInputError);
  });

  it('takes the greatest seed that JSON keeps', () => {
    expect(built(classic, { seed: 2 ** 53 - 1 }).sampler.seed).toBe(9007199254740991);
  });

  it('gives the same graph whatever its nodes are called and however they are ordered', () => {
    const ids = Object.keys(classic);
    const names = fc.uniqueArray(fc.oneof(fc.nat(99).map(String), fc.stringMatching(/^[a-z:]{1,8}$/)), {
      minLength: ids.length,
      maxLength: ids.length,
    });
    const order = fc.shuffledSubarray(ids, { minLength: ids.length });
    const rename = (graph: ApiGraph, to: (id: string) => string, keys: string[]): ApiGraph =>
      Object.fromEntries(
        keys.map((id) => {
          const inputs = Object.entries(graph[id].inputs).map(([input, value]) => [
            input,
            Array.isArray(value) ? [to(value[0]), value[1]] : value,
          ]);
          return [to(id), { ...graph[id], inputs: Object.fromEntries(inputs) }];
        }),
      );
    const expected = workflow(classic).build(values).graph;
    fc.assert(
      fc.property(names, order, (to, keys) => {
        const renamed = rename(classic, (id) => to[ids.indexOf(id)], keys);
        const back = rename(workflow(renamed).build(values).graph, (id) => ids[to.indexOf(id)], to);
        expect(back).toEqual(expected);
      }),
    );
  });
});

describe('what is found by following the links', () => {
  it('prompts through ControlNet, combine, LoRA and switches', () => {
    const result = built({
      ...classic,
      lora: {
        class_type: 'LoraLoader',
        inputs: { lora_name: 'l', strength_model: 1, strength_clip: 1, model: ['load', 0], clip: ['load', 1] },
      },
      pos2: encode('a cat', 'lora'),
      both: { class_type: 'ConditioningCombine', inputs: { conditioning_1: ['pos', 0], conditioning_2: ['pos2', 0] } },
      switch: { class_type: 'AnySwitch', inputs: { select: 1, input1: ['both', 0], input2: ['pos', 0] } },
      net: {
        class_type: 'ControlNetApplyAdvanced',
        inputs: { strength: 1, positive: ['switch', 0], negative: ['neg', 0], control_net: ['cn', 0], image: ['image', 0] },
      },
      cn: { class_type: 'ControlNetLoader', inputs: { control_net_name: 'c' } },
      image: { class_type: 'LoadImage', inputs: { image: 'pose.png' } },
      sampler: sampler({ positive: ['net', 0], negative: ['net', 1], model: ['lora', 0] }),
    });
    expect(result).toMatchObject({
      pos: { text: 'a lighthouse' },
      pos2: { text: 'a lighthouse' },
      neg: { text: 'fog' },
      image: { image: 'pose.png' },
    });
  });

  it('not the texts of nodes that only add to a prompt', () => {
    const result = built({
      ...classic,
      box: {
        class_type: 'GLIGENTextboxApply',
        inputs: {
          text: 'a hat',
          width: 64,
          height: 64,
          x: 0,
          y: 0,
          conditioning_to: ['pos', 0],
          clip: ['load', 1],
          gligen_textbox_model: ['gligen', 0],
        },
      },
      gligen: { class_type: 'GLIGENLoader', inputs: { gligen_name: 'g' } },
      sampler: sampler({ positive: ['box', 0] }),
    });
    expect(result).toMatchObject({ pos: { text: 'a lighthouse' }, box: { text: 'a hat', width: 64 } });
  });

  it('every file name, of a SaveImage without one and of nodes that save something else too', () => {
    const result = built({
      ...classic,
      save: { class_type: 'SaveImage', inputs: { images: ['decode', 0] } },
      latents: { class_type: 'SaveLatent', inputs: { filename_prefix: 'latents', samples: ['sampler', 0] } },
    });
    expect(result).toMatchObject({ save: { filename_prefix: 'batch/1' }, latents: { filename_prefix: 'batch/1' } });
  });

  it('all texts of an SDXL encoder, and sizes beside the latent that are the same', () => {
    const sdxl = (text_g: string, text_l: string, target: number) => ({
      class_type: 'CLIPTextEncodeSDXL',
      inputs: {
        width: 4096,
        height: 4096,
        crop_w: 0,
        crop_h: 0,
        target_width: target,
        target_height: target,
        text_g,
        text_l,
        clip: ['load', 1],
      },
    });
    const result = built({ ...classic, pos: sdxl('a cat', 'photo', 512), neg: sdxl('blurry', 'blurry', 1024) });
    expect(result.pos).toMatchObject({
      text_g: 'a lighthouse',
      text_l: 'a lighthouse',
      target_width: 640,
      target_height: 384,
      width: 4096,
    });
    expect(result.neg).toMatchObject({ text_g: 'fog', text_l: 'fog', target_width: 1024 });
  });

  it('a Flux graph of single parts: noise, guider, sigmas, no negative prompt', () => {
    const flux: ApiGraph = {
      load: { class_type: 'UNETLoader', inputs: { unet_name: 'flux.safetensors', weight_dtype: 'default' } },
      sampling: {
        class_type: 'ModelSamplingFlux',
        inputs: { max_shift: 1.15, base_shift: 0.5, width: 512, height: 512, model: ['load', 0] },
      },
      clip: { class_type: 'DualCLIPLoader', inputs: { clip_name1: 't5', clip_name2: 'l', type: 'flux' } },
      text: { class_type: 'CLIPTextEncodeFlux', inputs: { clip_l: 'a cat', t5xxl: 'a long cat', guidance: 3.5, clip: ['clip', 0] } },
      guidance: { class_type: 'FluxGuidance', inputs: { guidance: 3.5, conditioning: ['text', 0] } },
      guider: { class_type: 'BasicGuider', inputs: { model: ['sampling', 0], conditioning: ['guidance', 0] } },
      noise: { class_type: 'RandomNoise', inputs: { noise_seed: 3 } },
      sigmas: { class_type: 'BasicScheduler', inputs: { scheduler: 'simple', steps: 20, denoise: 1, model: ['sampling', 0] } },
      split: { class_type: 'SplitSigmas', inputs: { step: 5, sigmas: ['sigmas', 0] } },
      latent: { class_type: 'EmptySD3LatentImage', inputs: { width: 512, height: 512, batch_size: 1 } },
      sampler: {
        class_type: 'SamplerCustomAdvanced',
        inputs: { noise: ['noise', 0], guider: ['guider', 0], sigmas: ['split', 0], latent_image: ['latent', 0] },
      },
      decode: { class_type: 'VAEDecode', inputs: { samples: ['sampler', 0], vae: ['vae', 0] } },
      vae: { class_type: 'VAELoader', inputs: { vae_name: 'ae' } },
      save: save('decode'),
    };
    const one = workflow(flux);
    expect(built(flux, { parameters: { checkpoint: 'dev.safetensors' } })).toMatchObject({
      text: { clip_l: 'a lighthouse', t5xxl: 'a lighthouse', guidance: 3.5 },
      noise: { noise_seed: 7 },
      sigmas: { steps: 30 },
      split: { step: 5 },
      latent: { width: 640, height: 384 },
      sampling: { width: 640, height: 384 },
      load: { unet_name: 'dev.safetensors' },
    });
    expect(one.build(values).checkpoints).toEqual([]);
    expect(one.check({ ...values, parameters: {} })).toEqual([
      { field: 'negativePrompt', message: 'has no place in the workflow test' },
      { field: 'cfg', message: 'has no place in the workflow test' },
    ]);
    expect(one.check({ negativePrompt: '', steps: 4, cfg: null, parameters: null })).toEqual([]);
  });

  it('the guider’s cfg and texts, and the seed of SamplerCustom', () => {
    const result = built({
      ...classic,
      guider: { class_type: 'CFGGuider', inputs: { cfg: 4, model: ['load', 0], positive: ['pos', 0], negative: ['neg', 0] } },
      noise: { class_type: 'RandomNoise', inputs: { noise_seed: 3 } },
      sampler: { class_type: 'SamplerCustomAdvanced', inputs: { noise: ['noise', 0], guider: ['guider', 0], latent_image: ['latent', 0] } },
      second: {
        class_type: 'SamplerCustom',
        inputs: {
          add_noise: true,
          noise_seed: 4,
          cfg: 2,
          model: ['load', 0],
          positive: ['pos', 0],
          negative: ['neg', 0],
          latent_image: ['sampler', 0],
        },
      },
      decode: decode('second'),
    });
    expect(result).toMatchObject({
      guider: { cfg: 5.5 },
      noise: { noise_seed: 7 },
      second: { noise_seed: 7, cfg: 2 },
      neg: { text: 'fog' },
    });
  });

  it('the size of the latent, not of an empty picture for something else', () => {
    const result = built({
      '1': { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 2, color: 0 } },
      ...classic,
      net: { class_type: 'ControlNetApply', inputs: { strength: 1, conditioning: ['pos', 0], control_net: ['cn', 0], image: ['1', 0] } },
      cn: { class_type: 'ControlNetLoader', inputs: { control_net_name: 'c' } },
      sampler: sampler({ positive: ['net', 0] }),
    });
    expect(result).toMatchObject({ '1': { width: 64, height: 64, batch_size: 1 }, latent: { width: 640, height: 384 } });
  });

  it('a negative that is silenced or is the positive itself is no negative prompt', () => {
    const zero = { class_type: 'ConditioningZeroOut', inputs: { conditioning: ['pos', 0] } };
    const silenced = { ...classic, zero, sampler: sampler({ negative: ['zero', 0] }) };
    const shared = { ...classic, sampler: sampler({ negative: ['pos', 0] }) };
    for (const graph of [silenced, shared]) {
      expect(built(graph).pos.text).toBe('a lighthouse');
      expect(workflow(graph).check({ negativePrompt: 'fog', steps: null, cfg: null, parameters: null })).toHaveLength(1);
    }
  });

  it('a refiner: the same steps, cfg and texts, and the hand-over at the same share of the steps', () => {
    const advanced = (inputs: object) => ({
      class_type: 'KSamplerAdvanced',
      inputs: { noise_seed: 1, steps: 25, cfg: 8, model: ['load', 0], positive: ['pos', 0], negative: ['neg', 0], ...inputs },
    });
    const result = built(
      {
        ...classic,
        refiner: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'refiner.safetensors' } },
        pos2: encode('a cat', 'refiner'),
        sampler: advanced({ add_noise: 'enable', start_at_step: 0, end_at_step: 20, latent_image: ['latent', 0] }),
        second: advanced({
          add_noise: 'disable',
          start_at_step: 20,
          end_at_step: 10000,
          latent_image: ['sampler', 0],
          model: ['refiner', 0],
          positive: ['pos2', 0],
        }),
        decode: decode('second'),
      },
      { parameters: { checkpoint: 'base.safetensors' } },
    );
    expect(result.sampler).toMatchObject({ steps: 30, cfg: 5.5, noise_seed: 7, start_at_step: 0, end_at_step: 24 });
    expect(result.second).toMatchObject({ steps: 30, cfg: 5.5, noise_seed: 7, start_at_step: 24, end_at_step: 10000 });
    expect(result).toMatchObject({ pos: { text: 'a lighthouse' }, pos2: { text: 'a lighthouse' } });
    expect(result).toMatchObject({ load: { ckpt_name: 'base.safetensors' }, refiner: { ckpt_name: 'refiner.safetensors' } });
  });

  it('a second pass: its own steps stay, the enlargement keeps its proportion, and its picture is the finished one', () => {
    const graph = {
      ...classic,
      larger: {
        class_type: 'LatentUpscale',
        inputs: { upscale_method: 'nearest-exact', width: 768, height: 1024, crop: 'disabled', samples: ['sampler', 0] },
      },
      second: sampler({ steps: 12, denoise: 0.5, latent_image: ['larger', 0] }),
      decode2: decode('second'),
      save2: save('decode2'),
    };
    expect(built(graph)).toMatchObject({
      sampler: { steps: 30, seed: 7 },
      second: { steps: 12, seed: 7, cfg: 5.5, denoise: 0.5 },
      larger: { width: 960, height: 768 },
      save: { filename_prefix: 'batch/1' },
      save2: { filename_prefix: 'batch/1' },
    });
    expect(workflow(graph).build(values).outputs).toEqual(['save2', 'save']);
  });

  it('values in value nodes are set there, for all that use them', () => {
    const result = built({
      ...classic,
      seedBox: { class_type: 'PrimitiveInt', inputs: { value: 5, control_after_generate: 'randomize' } },
      textBox: { class_type: 'PrimitiveStringMultiline', inputs: { value: 'a cat' } },
      relay: { class_type: 'Reroute', inputs: { value: ['textBox', 0] } },
      show: { class_type: 'ShowText', inputs: { text: ['relay', 0] } },
      pos: encode(['relay', 0]),
      sampler: sampler({ seed: ['seedBox', 0] }),
    });
    expect(result).toMatchObject({
      seedBox: { value: 7 },
      textBox: { value: 'a lighthouse' },
      pos: { text: ['relay', 0] },
      sampler: { seed: ['seedBox', 0] },
    });
  });

  it('a value node that two different values share is left alone, and they are set where they are used', () => {
    const result = built({
      ...classic,
      side: { class_type: 'PrimitiveInt', inputs: { value: 512 } },
      latent: { class_type: 'EmptyLatentImage', inputs: { width: ['side', 0], height: ['side', 0], batch_size: ['side', 0] } },
    });
    expect(result).toMatchObject({ side: { value: 512 }, latent: { width: 640, height: 384, batch_size: 1 } });
  });

  it('numbers that a node works out are set where they are used; the larger sizes that it works out stay its own', () => {
    const result = built({
      ...classic,
      maths: { class_type: 'MathExpression', inputs: { expression: 'a * 2', a: ['seedBox', 0] } },
      seedBox: { class_type: 'PrimitiveInt', inputs: { value: 5 } },
      sampler: sampler({ seed: ['maths', 0] }),
      larger: { class_type: 'LatentUpscale', inputs: { width: ['maths', 0], height: ['maths', 0], samples: ['sampler', 0] } },
      decode: decode('larger'),
    });
    expect(result).toMatchObject({ sampler: { seed: 7 }, seedBox: { value: 5 }, larger: { width: ['maths', 0] } });
  });

  it('texts of a loader that encodes them itself', () => {
    const result = built({
      ...classic,
      efficient: { class_type: 'Efficient Loader', inputs: { ckpt_name: 'x', positive: 'a cat', negative: 'blurry', clip_skip: -1 } },
      sampler: sampler({ positive: ['efficient', 1], negative: ['efficient', 2], model: ['efficient', 0] }),
    });
    expect(result.efficient).toMatchObject({ positive: 'a lighthouse', negative: 'fog' });
  });

  it('every text in which an embedding may stand, and the checkpoints of the nodes in use only', () => {
    const { prompts, checkpoints } = workflow({
      ...classic,
      extra: { class_type: 'StringConcatenate', inputs: { string_a: 'x', string_b: 'embedding:bad', delimiter: ', ' } },
      loose: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'loose.safetensors' } },
      rife: { class_type: 'RIFE VFI', inputs: { ckpt_name: 'rife47.pth', frames: ['decode', 0] } },
      save: save('rife'),
    }).build(values);
    expect(prompts).toEqual(['a lighthouse', 'fog', 'embedding:bad']);
    expect(checkpoints).toEqual(['sd15.safetensors']);
  });
});
