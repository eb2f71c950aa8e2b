import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelMissingError, ServerFaultError } from '../../src/generation/generators/comfyui/comfyui-errors.js';
import { GenerationRejectedError } from '../../src/generation/image-generator.js';
import { TXT2IMG } from '../../src/generation/workflows/txt2img.js';
import { NodeError } from '../comfyui/node-run.js';
import { errorOf, isPng, Setting, until } from './setting.js';

describe('ComfyuiGenerator, when ComfyUI says no', () => {
  let setting: Setting;
  let workflowsDir: string;
  beforeEach(async () => {
    workflowsDir = await mkdtemp(join(tmpdir(), 'filmroll-workflows-'));
  });
  afterEach(async () => {
    await setting.stop();
    await rm(workflowsDir, { recursive: true });
  });

  const rejection = (message: string, code?: 'EMBEDDING_NOT_FOUND') => new GenerationRejectedError(message, code);
  const checkpoint = (name: string) => setting.request({ parameters: { checkpoint: name } });

  it('rejects a checkpoint that no server has, in its own words', async () => {
    setting = await Setting.start({ servers: [{}, {}] });
    expect(await errorOf(setting.generate(checkpoint('nope.safetensors')))).toEqual(
      rejection("CheckpointLoaderSimple: Value not in list (ckpt_name: 'nope.safetensors' not in ['sd15-fake.safetensors'])"),
    );
  });

  it('leaves a checkpoint that another server has, or may have, to that one', async () => {
    setting = await Setting.start({ servers: [{}, { checkpoints: ['other.safetensors'] }] });
    const error = await errorOf(setting.generate(checkpoint('other.safetensors')));
    expect(error).toBeInstanceOf(ModelMissingError);
    expect(error).toMatchObject({ backend: setting.generator.backends()[0].name });

    await setting.servers[1].kill();
    expect(await errorOf(setting.generate(checkpoint('nope.safetensors')))).toBeInstanceOf(ModelMissingError);
  });

  it('uses a checkpoint that the server has where a workflow leaves it open', async () => {
    setting = await Setting.start({ servers: [{ checkpoints: ['only-here.safetensors'] }] });
    expect(isPng((await setting.generate()).bytes)).toBe(true);
    expect(setting.server.executions[0].pictures[0].checkpoint).toBe('only-here.safetensors');
  });

  it.each([
    ['a value out of range', { cfg: 101 }, /^KSampler: Value 101(\.0)? bigger than max of 100(\.0)? \(cfg\)$/],
    [
      'an unknown sampler',
      { parameters: { sampler: 'nope' } },
      /^KSampler: Value not in list \(sampler_name: 'nope' not in \(list of length \d+\)\)$/,
    ],
    ['an unknown workflow', { workflow: 'nope' }, 'There is no workflow named nope.'],
    ['an unknown parameter', { parameters: { nope: 1 } }, /parameters\.nope/],
  ])('rejects %s', async (_title, changes, message) => {
    setting = await Setting.start();
    const error = await errorOf(setting.generate(setting.request(changes)));

    expect(error).toBeInstanceOf(GenerationRejectedError);
    expect(error.message).toMatch(message);
    expect(setting.server.executions).toEqual([]);
  });

  it('rejects a node that no server knows', async () => {
    const graph = { ...TXT2IMG, '10': { class_type: 'Sharpen3000', inputs: { images: ['8', 0] } } };
    await writeFile(join(workflowsDir, 'sharp.json'), JSON.stringify(graph));
    setting = await Setting.start({ servers: [{}, { version: '0.38.1' }], workflowsDir });

    for (const { name } of setting.generator.backends()) {
      const error = await errorOf(setting.generate(setting.request({ workflow: 'sharp', backend: name })));
      expect(error).toEqual(rejection("Cannot execute because node Sharpen3000 does not exist. (Node ID '#10')"));
    }
  });

  it('rejects a prompt of which ComfyUI would do only a part, and withdraws it', async () => {
    const graph = {
      ...TXT2IMG,
      '10': { class_type: 'LoadImage', inputs: { image: 'missing.png' } },
      '11': { class_type: 'SaveImage', inputs: { filename_prefix: 'other', images: ['10', 0] } },
    };
    await writeFile(join(workflowsDir, 'two.json'), JSON.stringify(graph));
    setting = await Setting.start({ servers: [{ pictureMs: 60_000 }], workflowsDir });
    const request = setting.request({ workflow: 'two', steps: 3_000 });
    const error = await errorOf(setting.generate(request));

    expect(error).toBeInstanceOf(GenerationRejectedError);
    expect(error.message).toMatch(/^LoadImage: .*missing\.png/);
    await until(async () => Object.values((await (await fetch(`${setting.server.url}/queue`)).json()) as object).flat().length === 0);
    expect(['', 'interrupted']).toContain(setting.runs(request.promptId).join());
  });

  it('rejects a run that failed, without paths and tracebacks', async () => {
    setting = await Setting.start();
    setting.server.faults.nodeErrors.next(1);
    const error = await errorOf(setting.generate());

    expect(error).toEqual(rejection('KSampler: Error while deserializing header: … is cut short'));
  });

  it.each([1, 2])('tries again when memory ran out: %d times', async (times) => {
    // Long enough for a look at what is left of the first try.
    setting = await Setting.start({ servers: [{ pictureMs: 200 }], timings: { poll: 20 } });
    setting.server.faults.outOfMemory.next(times);
    const request = setting.request();

    expect(isPng((await setting.generate(request)).bytes)).toBe(true);
    expect(setting.runs(request.promptId)).toEqual([...Array(times).fill('error'), 'success']);
  });

  it('rejects what runs out of memory three times', async () => {
    setting = await Setting.start();
    setting.server.faults.outOfMemory.always();
    const request = setting.request();

    expect(await errorOf(setting.generate(request))).toEqual(
      rejection('out of memory (KSampler: Allocation on device 0 would exceed allowed memory.)'),
    );
    expect(setting.runs(request.promptId)).toEqual(['error', 'error', 'error']);
  });

  it('waits no longer for memory than anybody wants the picture', async () => {
    setting = await Setting.start({ timings: { memory: [60_000] } });
    setting.server.faults.outOfMemory.always();
    const request = setting.request();
    const stop = new AbortController();
    const error = errorOf(setting.generate(request, stop.signal));
    await until(() => setting.lines.some((line) => line.includes('out of memory; trying again')));
    stop.abort(new Error('no longer wanted'));

    expect((await error).message).toBe('no longer wanted');
    expect(setting.runs(request.promptId)).toEqual(['error']);
  });

  it('never rejects for a fault of the server, which is left alone for a while', async () => {
    setting = await Setting.start({ timings: { healthMax: 300 } });
    const { nodeErrors } = setting.server.faults;
    const strikes = jest.spyOn(nodeErrors, 'strikes').mockImplementation(() => {
      throw new NodeError('RuntimeError', 'CUDA error: an illegal memory access was encountered');
    });
    expect(await errorOf(setting.generate())).toBeInstanceOf(ServerFaultError);
    expect(setting.generator.backends()[0]).toMatchObject({
      healthy: false,
      lastError: 'KSampler: CUDA error: an illegal memory access was encountered',
    });

    strikes.mockRestore();
    await until(() => setting.generator.backends()[0].healthy);
    expect(isPng((await setting.generate()).bytes)).toBe(true);
  });
});
