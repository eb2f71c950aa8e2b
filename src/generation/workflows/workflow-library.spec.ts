import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TXT2IMG } from './txt2img.js';
import { UnknownWorkflowError, WorkflowFileError, WorkflowInputError } from './workflow-errors.js';
import { WorkflowLibrary } from './workflow-library.js';

const values = {
  prompt: 'a cat',
  negativePrompt: null,
  seed: 1,
  width: 64,
  height: 64,
  steps: null,
  cfg: null,
  filenamePrefix: 'p',
  parameters: null,
  anyCheckpoint: null,
};

describe('WorkflowLibrary', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'workflows-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function load(files: Record<string, unknown>): Promise<WorkflowLibrary> {
    for (const [file, content] of Object.entries(files)) {
      await writeFile(join(dir, file), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return WorkflowLibrary.load(dir);
  }

  it('has the built-in one without a folder', async () => {
    const library = await WorkflowLibrary.load(null);
    expect(library.list()).toEqual([{ name: 'txt2img', parameters: ['checkpoint', 'sampler', 'scheduler'] }]);
    expect(library.build('txt2img', values).graph['6'].inputs.text).toBe('a cat');
  });

  it('adds those of the folder behind it, in order of name, and lets other files be', async () => {
    const library = await load({
      'portrait.json': TXT2IMG,
      'portrait.parameters.json': { denoise: { node: '3', input: 'denoise', type: 'number' } },
      'flux.1 dev.json': `\uFEFF${JSON.stringify(TXT2IMG)}`,
      'README.md': '#',
      '._portrait.json': 'left by a file manager',
    });
    expect(library.list()).toEqual([
      { name: 'txt2img', parameters: ['checkpoint', 'sampler', 'scheduler'] },
      { name: 'flux.1 dev', parameters: ['checkpoint'] },
      { name: 'portrait', parameters: ['checkpoint', 'denoise'] },
    ]);
    expect([library.has('portrait'), library.has('Portrait'), library.has('toString')]).toEqual([true, false, false]);
  });

  it('lets a file take the place of the built-in, which stays first', async () => {
    const library = await load({
      'a.json': TXT2IMG,
      'txt2img.json': { ...TXT2IMG, '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: 'mine' } } },
    });
    expect(library.list()).toEqual([
      { name: 'txt2img', parameters: ['checkpoint'] },
      { name: 'a', parameters: ['checkpoint'] },
    ]);
    expect(library.build('txt2img', values).checkpoints).toEqual(['mine']);
  });

  it('names every file that cannot work with every reason, and no path', async () => {
    const broken = { '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'x', images: ['8', 0] } } };
    await symlink(join(dir, 'gone'), join(dir, 'lost.json'));
    const loading = load({
      'good.json': TXT2IMG,
      'text.json': 'hello',
      'broken.json': broken,
      'good.parameters.json': '{',
      'alone.parameters.json': {},
      '$.json': TXT2IMG,
    });
    await expect(loading).rejects.toThrow(
      new WorkflowFileError([
        { file: 'lost.json', reason: 'cannot be read' },
        { file: 'alone.parameters.json', reason: 'belongs to no workflow: alone.json is not there' },
        {
          file: '$.json',
          reason: 'is no name for a workflow: use letters, digits, blanks, . _ and -, at most 64, a letter or digit first',
        },
        { file: 'good.parameters.json', reason: 'is not JSON' },
        { file: 'text.json', reason: 'is not JSON' },
        { file: 'broken.json', reason: 'node 9 (SaveImage) input images is linked to node 8, which is not there' },
      ]),
    );
  });

  it('refuses a parameters file of null', async () => {
    await expect(load({ 'a.json': TXT2IMG, 'a.parameters.json': 'null' })).rejects.toThrow('a.parameters.json: must be an object');
  });

  it('refuses a folder that is not there', async () => {
    await expect(WorkflowLibrary.load(join(dir, 'none'))).rejects.toThrow('WORKFLOWS_DIR: is not a folder that can be read');
  });

  it('tells unknown workflows from wrong values', async () => {
    const library = await WorkflowLibrary.load(null);
    const wrong = { ...values, parameters: { denoise: 1, sampler: 2 } };
    expect(() => library.check('nope', wrong)).toThrow(UnknownWorkflowError);
    expect(() => library.build('nope', wrong)).toThrow('There is no workflow named nope.');
    expect(library.check('txt2img', wrong)).toHaveLength(2);
    expect(() => library.build('txt2img', wrong)).toThrow(
      new WorkflowInputError('txt2img', [
        { field: 'parameters.denoise', message: 'is not known to the workflow txt2img, which has: checkpoint, sampler, scheduler' },
        { field: 'parameters.sampler', message: 'must be a text of at most 10000 characters' },
      ]),
    );
  });
});
