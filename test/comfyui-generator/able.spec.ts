import { GenerationRejectedError } from '../../src/generation/image-generator.js';
import { Setting, until } from './setting.js';

describe('ComfyuiGenerator.ableTo', () => {
  let setting: Setting;
  beforeEach(async () => {
    setting = await Setting.start({ servers: [{ embeddings: ['luna.pt'] }, { checkpoints: ['xl.safetensors'], embeddings: [] }] });
  });
  afterEach(() => setting.stop());

  const names = () => setting.generator.backends().map(({ name }) => name);
  const ableTo = (changes = {}) => setting.generator.ableTo(setting.request(changes));

  it('names the servers that have what the prompts and the workflow name', () => {
    expect(ableTo()).toEqual(names());
    expect(ableTo({ negativePrompt: '(embedding:luna:0.5)' })).toEqual([names()[0]]);
    expect(ableTo({ parameters: { checkpoint: 'xl.safetensors' } })).toEqual([names()[1]]);
  });

  it('follows what the servers have, though they are away or busy', async () => {
    setting.servers[1].models.addEmbedding('luna.safetensors');
    await until(() => ableTo({ prompt: 'embedding:luna' }).length === 2);
    setting.servers[0].models.loseEmbedding('luna');
    await until(() => ableTo({ prompt: 'embedding:luna' }).length === 1);
    await setting.servers[1].kill();
    await until(() => !setting.generator.backends()[1].healthy);
    expect(ableTo({ prompt: 'embedding:luna' })).toEqual([names()[1]]);
  });

  it.each([
    ['an unknown workflow', { workflow: 'portrait' }, 'GENERATOR_REJECTED'],
    ['an unknown parameter', { parameters: { nope: 1 } }, 'GENERATOR_REJECTED'],
    ['an embedding that no server has', { prompt: 'embedding:ana' }, 'EMBEDDING_NOT_FOUND'],
    ['an embedding that ComfyUI would pass over', { prompt: 'cat,embedding:luna' }, 'EMBEDDING_NOT_FOUND'],
    ['a checkpoint that no server has', { parameters: { checkpoint: 'nope' } }, 'GENERATOR_REJECTED'],
  ])('rejects %s', (_title, changes, code) => {
    expect(() => ableTo(changes)).toThrow(GenerationRejectedError);
    expect(() => ableTo(changes)).toThrow(expect.objectContaining({ code }) as Error);
  });

  it('sends a picture whose embedding was lost to the server that has it', async () => {
    setting.servers[1].models.addEmbedding('luna.pt');
    await until(() => ableTo({ prompt: 'embedding:luna' }).length === 2);
    setting.servers[0].models.loseEmbedding('luna');
    await setting.generate(setting.request({ prompt: 'embedding:luna' })).catch(() => undefined);
    expect(ableTo({ prompt: 'embedding:luna' })).toEqual([names()[1]]);
  });

  it('takes next to no time', () => {
    const began = performance.now();
    for (let i = 0; i < 200; i++) ableTo({ prompt: `embedding:luna ${'a cat, '.repeat(200)}` });
    expect((performance.now() - began) / 200).toBeLessThan(5);
  });
});
