import { readWorkflow } from './read-workflow.js';
import { TXT2IMG, TXT2IMG_PARAMETERS } from './txt2img.js';

type Nodes = Record<string, unknown>;

function reasons(graph: unknown, parameters: unknown = {}): string[] {
  const { workflow, faults } = readWorkflow('w', { graph, parameters });
  expect(workflow === null).toBe(faults.length > 0);
  return faults.map(({ file, reason }) => `${file}: ${reason}`);
}

/** The built-in graph with some nodes replaced, or removed where undefined. */
function changed(nodes: Nodes): Nodes {
  return Object.fromEntries(Object.entries({ ...TXT2IMG, ...nodes }).filter(([, node]) => node !== undefined));
}

function withInputs(id: string, inputs: object): Nodes {
  return changed({ [id]: { class_type: TXT2IMG[id].class_type, inputs: { ...TXT2IMG[id].inputs, ...inputs } } });
}

describe('a graph that cannot run', () => {
  it.each<[string, unknown, string]>([
    ['null', null, 'holds no nodes: it must be an object of node id → { class_type, inputs }'],
    ['a list', [TXT2IMG], 'holds no nodes: it must be an object of node id → { class_type, inputs }'],
    ['nothing', {}, 'holds no nodes: it must be an object of node id → { class_type, inputs }'],
    [
      'the editor’s format',
      { nodes: [{ id: 1 }], links: [] },
      'is in the format of the ComfyUI editor: export it with "Save (API format)", also called "Export (API)"',
    ],
    ['a node that is none', changed({ note: 'hello' }), 'node note is not an object'],
    ['a node without class', changed({ '10': { inputs: {} } }), 'node 10 has no class_type'],
    ['a node with an empty class', changed({ '10': { class_type: '', inputs: {} } }), 'node 10 has no class_type'],
    [
      'a loose node without inputs',
      changed({ '10': { class_type: 'EmptyImage' } }),
      'node 10 has no inputs (write {} where it needs none)',
    ],
    [
      'a list of inputs',
      changed({ '10': { class_type: 'EmptyImage', inputs: [] } }),
      'node 10 has no inputs (write {} where it needs none)',
    ],
    ['a dead link', withInputs('8', { vae: ['77', 0] }), 'node 8 (VAEDecode) input vae is linked to node 77, which is not there'],
    [
      'a link to what every object has',
      withInputs('8', { vae: ['toString', 0] }),
      'node 8 (VAEDecode) input vae is linked to node toString, which is not there',
    ],
    ['a link by number', withInputs('8', { vae: [4, 2] }), 'node 8 (VAEDecode) input vae is no link: a node id must be a string'],
    ['a link to output -1', withInputs('8', { vae: ['4', -1] }), 'node 8 (VAEDecode) input vae is linked to output -1'],
    ['a circle', withInputs('5', { width: ['8', 0] }), 'nodes 3 ← 5 ← 8 ← 3 go in a circle'],
    ['a node made from itself', withInputs('4', { ckpt_name: ['4', 0] }), 'nodes 4 ← 4 go in a circle'],
    [
      'a number that JSON loses',
      changed({ '10': { class_type: 'Seed', inputs: { seed: 2 ** 64 } } }),
      'node 10 (Seed) input seed is beyond 2^53-1 and would be changed on its way: write a smaller number',
    ],
  ])('%s', (_, graph, reason) => {
    expect(reasons(graph)).toEqual([`w.json: ${reason}`]);
  });

  it('is told everything that is wrong with its nodes at once', () => {
    expect(reasons(changed({ a: 1, b: { class_type: 'X' }, c: {} }))).toEqual([
      'w.json: node a is not an object',
      'w.json: node b has no inputs (write {} where it needs none)',
      'w.json: node c has no class_type',
      'w.json: node c has no inputs (write {} where it needs none)',
    ]);
  });

  it('is not one with a seed beyond 2^53-1 where ours goes', () => {
    expect(reasons(withInputs('3', { seed: 2 ** 64 }))).toEqual([]);
  });
});

describe('a graph that cannot make what is asked', () => {
  const noOutput = 'has no node that saves pictures: it needs a SaveImage (PreviewImage and SaveImageWebsocket leave no file behind)';
  const name = (what: string) => `name the input to set as ${what} in w.parameters.json`;

  it.each<[string, unknown, string[]]>([
    ['no output', changed({ '9': undefined }), [noOutput]],
    ['a preview for an output', changed({ '9': { class_type: 'PreviewImage', inputs: { images: ['8', 0] } } }), [noOutput]],
    ['a socket for an output', changed({ '9': { class_type: 'SaveImageWebsocket', inputs: { images: ['8', 0] } } }), [noOutput]],
    [
      'a latent for an output',
      changed({ '9': { class_type: 'SaveLatent', inputs: { samples: ['3', 0], filename_prefix: 'x' } } }),
      [noOutput],
    ],
    [
      'no sampler',
      changed({ '8': { class_type: 'LoadImage', inputs: { image: 'x.png' } } }),
      [
        `no text is found behind the positive input of a sampler; ${name('"prompt"')}`,
        `no seed is found at or behind a sampler, so all pictures would be alike; ${name('"seed"')}`,
        `no empty latent (a node with width, height and batch_size) is found for the size; ${name('"width" and "height"')}`,
      ],
    ],
    [
      'a picture to begin with',
      changed({
        '5': { class_type: 'VAEEncode', inputs: { pixels: ['10', 0], vae: ['4', 2] } },
        '10': { class_type: 'LoadImage', inputs: { image: 'x.png' } },
      }),
      [`no empty latent (a node with width, height and batch_size) is found for the size; ${name('"width" and "height"')}`],
    ],
    [
      'a prompt that is put together',
      changed({
        '6': { class_type: 'CLIPTextEncode', inputs: { text: ['10', 0], clip: ['4', 1] } },
        '10': { class_type: 'StringConcatenate', inputs: { string_a: 'a', string_b: 'b', delimiter: ', ' } },
      }),
      [`the prompt of node 6 (CLIPTextEncode) is put together by another node; ${name('"prompt"')}`],
    ],
    [
      'a prompt that another node changes',
      changed({
        '6': { class_type: 'CLIPTextEncode', inputs: { text: ['10', 0], clip: ['4', 1] } },
        '10': { class_type: 'StylePrompt', inputs: { text: 'a cat', style: 'ink' } },
      }),
      [`the prompt of node 6 (CLIPTextEncode) is put together by another node; ${name('"prompt"')}`],
    ],
    [
      'a prompt read off a picture',
      changed({
        '6': { class_type: 'CLIPTextEncode', inputs: { text: ['10', 0], clip: ['4', 1] } },
        '10': { class_type: 'Caption', inputs: { image: ['11', 0] } },
        '11': { class_type: 'LoadImage', inputs: { image: 'x.png' } },
      }),
      [`the prompt of node 6 (CLIPTextEncode) is put together by another node; ${name('"prompt"')}`],
    ],
    [
      'a prompt that is silenced',
      changed({
        '3': { class_type: 'KSampler', inputs: { ...TXT2IMG['3'].inputs, positive: ['10', 0] } },
        '10': { class_type: 'ConditioningZeroOut', inputs: { conditioning: ['6', 0] } },
      }),
      [`no text is found behind the positive input of a sampler; ${name('"prompt"')}`],
    ],
    [
      'two different prompts',
      changed({
        '3': { class_type: 'KSampler', inputs: { ...TXT2IMG['3'].inputs, positive: ['10', 0] } },
        '10': { class_type: 'ConditioningCombine', inputs: { conditioning_1: ['6', 0], conditioning_2: ['11', 0] } },
        '11': { class_type: 'CLIPTextEncode', inputs: { text: 'film grain', clip: ['4', 1] } },
      }),
      [`different texts go into the positive prompt: node 6 (CLIPTextEncode), node 11 (CLIPTextEncode); ${name('"prompt"')}`],
    ],
  ])('%s', (_, graph, expected) => {
    expect(reasons(graph)).toEqual(expected.map((reason) => `w.json: ${reason}`));
  });
});

describe('a parameters file', () => {
  const twoPrompts = changed({
    '3': { class_type: 'KSampler', inputs: { ...TXT2IMG['3'].inputs, positive: ['10', 0] } },
    '10': { class_type: 'ConditioningCombine', inputs: { conditioning_1: ['6', 0], conditioning_2: ['11', 0] } },
    '11': { class_type: 'CLIPTextEncode', inputs: { text: 'film grain', clip: ['4', 1] }, _meta: { title: 'Style' } },
  });

  it('settles what following the links cannot know, and names nodes by id, title or class', () => {
    const { workflow } = readWorkflow('w', {
      graph: twoPrompts,
      parameters: {
        prompt: { node: '6', input: 'text' },
        style: { node: 'Style', input: 'text', type: 'string' },
        denoise: { node: 'KSampler', input: 'denoise', type: 'number', min: 0, max: 1 },
      },
    });
    const { graph } = workflow!.build({
      prompt: 'a cat',
      negativePrompt: null,
      seed: 1,
      width: 64,
      height: 64,
      steps: null,
      cfg: null,
      filenamePrefix: 'p',
      anyCheckpoint: null,
      parameters: { style: 'ink', denoise: 0.4 },
    });
    expect(graph).toMatchObject({
      '6': { inputs: { text: 'a cat' } },
      '11': { inputs: { text: 'ink' } },
      '3': { inputs: { denoise: 0.4 } },
    });
  });

  it('may set one standard value in several places, and one in none', () => {
    const { workflow } = readWorkflow('w', {
      graph: twoPrompts,
      parameters: {
        prompt: [
          { node: '6', input: 'text' },
          { node: '11', input: 'text' },
        ],
        negativePrompt: [],
        checkpoint: [],
      },
    });
    const { graph } = workflow!.build({
      prompt: 'a cat',
      negativePrompt: 'fog',
      seed: 1,
      width: 64,
      height: 64,
      steps: null,
      cfg: null,
      filenamePrefix: 'p',
      anyCheckpoint: null,
      parameters: null,
    });
    expect(graph).toMatchObject({ '6': { inputs: { text: 'a cat' } }, '11': { inputs: { text: 'a cat' } }, '7': { inputs: { text: '' } } });
    expect(workflow!.parameterNames).toEqual([]);
  });

  it('makes a node of any class the one that saves the picture', () => {
    const { workflow, faults } = readWorkflow('w', {
      graph: changed({ '10': { class_type: 'Image Saver', inputs: { images: ['8', 0], filename: 'x', path: '' } } }),
      parameters: { filenamePrefix: { node: '10', input: 'filename' } },
    });
    const { graph, outputs } = workflow!.build({
      prompt: 'a cat',
      negativePrompt: null,
      seed: 1,
      width: 64,
      height: 64,
      steps: null,
      cfg: null,
      filenamePrefix: 'p',
      anyCheckpoint: null,
      parameters: null,
    });
    expect({ faults, outputs }).toEqual({ faults: [], outputs: ['10', '9'] });
    expect(graph).toMatchObject({ '10': { inputs: { filename: 'p' } }, '9': { inputs: { filename_prefix: 'p' } } });
  });

  it('may set the step at which a sampler begins, if no other hands over to it there', () => {
    const graph = changed({
      '3': { class_type: 'KSamplerAdvanced', inputs: { ...TXT2IMG['3'].inputs, start_at_step: 0, end_at_step: 10000 } },
    });
    expect(reasons(graph, { start: { node: '3', input: 'start_at_step', type: 'integer' } })).toEqual([]);
  });

  const denoise = { node: '3', input: 'denoise', type: 'number' };
  it.each<[string, unknown, string[]]>([
    ['is a list', [], ['must be an object of parameter name → { node, input, type }']],
    ['has a bad name', { 'a b': denoise }, ['a b: a name begins with a letter and goes on with letters, digits and _, 64 in all']],
    ['has no object', { a: 'denoise' }, ['a: must be an object with node and input']],
    [
      'has nothing in it',
      { a: {} },
      [
        'a: node should not be empty',
        'a: node must be a string',
        'a: input should not be empty',
        'a: input must be a string',
        'a: type must be one of the following values: string, number, integer, boolean',
      ],
    ],
    [
      'has an unknown type',
      { a: { ...denoise, type: 'float' } },
      ['a: type must be one of the following values: string, number, integer, boolean'],
    ],
    ['has a word too many', { a: { ...denoise, default: 1 } }, ['a: default is not known here']],
    ['types a standard value', { seed: { node: '3', input: 'seed', type: 'integer' } }, ['seed: type is not known here']],
    ['names no node', { a: { ...denoise, node: '77' } }, ['a: no node has the id, title or class 77']],
    ['names what every object has', { a: { ...denoise, node: 'toString' } }, ['a: no node has the id, title or class toString']],
    [
      'names two nodes',
      { a: { node: 'CLIPTextEncode', input: 'text', type: 'string' } },
      ['a: 2 nodes are called CLIPTextEncode; write the id: node 6 (CLIPTextEncode), node 7 (CLIPTextEncode)'],
    ],
    [
      'names no input',
      { a: { ...denoise, node: '4' } },
      ['a: node 4 (CheckpointLoaderSimple) has no input denoise in this file; it has ckpt_name'],
    ],
    ['fits no number', { a: { ...denoise, type: 'string' } }, ['a: type string does not fit the input denoise, which holds a number']],
    [
      'fits no text',
      { a: { node: '3', input: 'scheduler', type: 'integer' } },
      ['a: type integer does not fit the input scheduler, which holds a string'],
    ],
    [
      'limits a text',
      { a: { node: '3', input: 'scheduler', type: 'string', max: 3 } },
      ['a: min and max are for numbers, not for a string'],
    ],
    ['turns limits round', { a: { ...denoise, min: 1, max: 0 } }, ['a: min is greater than max']],
    ['allows nothing', { a: { ...denoise, enum: [] } }, ['a: enum should not be empty']],
    ['allows the wrong', { a: { ...denoise, enum: [1, '1'] } }, ['a: every value of enum must be a number']],
    ['sets one input twice', { a: denoise, b: denoise }, ['b: node 3 (KSampler) input denoise is already set by a']],
    [
      'sets a standard value’s input',
      { a: { node: '3', input: 'steps', type: 'integer' } },
      ['a: node 3 (KSampler) input steps is already set by steps'],
    ],
  ])('that %s', (_, parameters, expected) => {
    expect(reasons(TXT2IMG, parameters)).toEqual(expected.map((reason) => `w.parameters.json: ${reason}`));
  });

  it('is told everything that is wrong at once', () => {
    expect(reasons(TXT2IMG, { a: { ...denoise, node: '77' }, prompt: { node: '6', input: 'txt' } })).toEqual([
      'w.parameters.json: a: no node has the id, title or class 77',
      'w.parameters.json: prompt: node 6 (CLIPTextEncode) has no input txt in this file; it has text, clip',
    ]);
  });
});

describe('parameters of a caller', () => {
  const { workflow } = readWorkflow('w', {
    graph: TXT2IMG,
    parameters: {
      ...TXT2IMG_PARAMETERS,
      sampler: { node: '3', input: 'sampler_name', type: 'string', enum: ['euler', 'ddim'] },
      denoise: { node: '3', input: 'denoise', type: 'number', min: 0, max: 1 },
    },
  });
  const check = (parameters: unknown) => workflow!.check({ negativePrompt: null, steps: null, cfg: null, parameters });

  it.each([null, undefined, {}, { denoise: 0 }, { denoise: 1 }, { sampler: 'ddim', scheduler: 'karras', checkpoint: 'x.safetensors' }])(
    '%j are taken',
    (given) => {
      expect(check(given)).toEqual([]);
    },
  );

  it.each<[unknown, string, string]>([
    ['x', 'parameters', 'must be an object of parameter name → value'],
    [[1], 'parameters', 'must be an object of parameter name → value'],
    [{ denoize: 1 }, 'parameters.denoize', 'is not known to the workflow w, which has: checkpoint, sampler, scheduler, denoise'],
    [{ toString: 1 }, 'parameters.toString', 'is not known to the workflow w, which has: checkpoint, sampler, scheduler, denoise'],
    [{ steps: 3 }, 'parameters.steps', 'is not known to the workflow w, which has: checkpoint, sampler, scheduler, denoise'],
    [{ denoise: '1' }, 'parameters.denoise', 'must be a number from 0 to 1'],
    [{ denoise: 1.01 }, 'parameters.denoise', 'must be a number from 0 to 1'],
    [{ denoise: null }, 'parameters.denoise', 'must be a number from 0 to 1'],
    [{ denoise: Number.NaN }, 'parameters.denoise', 'must be a number from 0 to 1'],
    [{ denoise: ['4', 0] }, 'parameters.denoise', 'must be a number from 0 to 1'],
    [{ sampler: 'magic' }, 'parameters.sampler', 'must be one of euler, ddim'],
    [{ scheduler: 3 }, 'parameters.scheduler', 'must be a text of at most 10000 characters'],
    [{ scheduler: 'a\0b' }, 'parameters.scheduler', 'must be a text of at most 10000 characters'],
    [{ scheduler: '\ud800' }, 'parameters.scheduler', 'must be a text of at most 10000 characters'],
    [{ scheduler: 'x'.repeat(10_001) }, 'parameters.scheduler', 'must be a text of at most 10000 characters'],
    [{ checkpoint: '' }, 'parameters.checkpoint', 'must be the name of a checkpoint file'],
    [{ checkpoint: 4 }, 'parameters.checkpoint', 'must be the name of a checkpoint file'],
  ])('%j are refused', (given, field, message) => {
    expect(check(given)).toEqual([{ field, message }]);
  });

  it('of every type are told what they must be', () => {
    const { workflow: typed } = readWorkflow('t', {
      graph: changed({ '10': { class_type: 'X', inputs: { whole: 1, low: 1, high: 1.5, flag: true } } }),
      parameters: {
        whole: { node: 'X', input: 'whole', type: 'integer' },
        low: { node: 'X', input: 'low', type: 'integer', min: 1 },
        high: { node: 'X', input: 'high', type: 'number', max: 2 },
        flag: { node: 'X', input: 'flag', type: 'boolean' },
      },
    });
    const asked = { negativePrompt: null, steps: null, cfg: null };
    expect(typed!.check({ ...asked, parameters: { whole: -3, low: 1, high: -9.5, flag: false } })).toEqual([]);
    expect(typed!.check({ ...asked, parameters: { whole: 1.5, low: 0, high: 2 ** 60, flag: 'true' } })).toEqual([
      { field: 'parameters.whole', message: 'must be a whole number' },
      { field: 'parameters.low', message: 'must be a whole number from 1' },
      { field: 'parameters.high', message: 'must be a number up to 2' },
      { field: 'parameters.flag', message: 'must be true or false' },
    ]);
  });
});
