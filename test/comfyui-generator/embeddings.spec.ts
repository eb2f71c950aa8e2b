import { EmbeddingMissingError } from '../../src/generation/generators/comfyui/comfyui-errors.js';
import { GenerationRejectedError } from '../../src/generation/image-generator.js';
import { errorOf, isPng, Setting, until } from './setting.js';

describe('ComfyuiGenerator and embeddings', () => {
  let setting: Setting;
  afterEach(() => setting.stop());

  it('uses an embedding that the server has', async () => {
    setting = await Setting.start({ servers: [{ embeddings: ['luna_v3.safetensors', 'sub/hands.pt'] }] });
    const request = setting.request({ prompt: 'embedding:luna_v3 at sea', negativePrompt: '(embedding:sub/hands:1.2), blurry' });

    expect(isPng((await setting.generate(request)).bytes)).toBe(true);
    expect(setting.server.executions[0].pictures[0].embeddings).toHaveLength(2);
    expect(setting.generator.backends()[0].embeddings).toEqual(['luna_v3', 'sub/hands']);
  });

  it.each([
    ['prompt', { prompt: 'embedding:luna at sea' }],
    ['negative prompt', { negativePrompt: 'ugly, embedding:luna' }],
  ])('sends nothing to a server that lacks an embedding of the %s', async (_title, changes) => {
    setting = await Setting.start();
    const request = setting.request(changes);
    const error = await errorOf(setting.generate(request));

    expect(error).toEqual(new EmbeddingMissingError(request.backend, ['luna']));
    expect(error).toMatchObject({ backend: request.backend, embeddings: ['luna'] });
    expect(setting.asked('POST', '/prompt')).toBe(0);
  });

  it('asks the server itself each time, not its memory', async () => {
    setting = await Setting.start({ timings: { health: 3_600_000 } });
    setting.server.models.addEmbedding('luna.safetensors');
    const request = setting.request({ prompt: 'embedding:luna' });
    expect(isPng((await setting.generate(request)).bytes)).toBe(true);

    setting.server.models.loseEmbedding('luna');
    expect(await errorOf(setting.generate(setting.request({ prompt: 'embedding:luna' })))).toBeInstanceOf(EmbeddingMissingError);
  });

  it('throws a picture away whose embedding went missing meanwhile, so that nobody finds it later', async () => {
    setting = await Setting.start({ servers: [{ pictureMs: 200, embeddings: ['luna.pt'] }] });
    const request = setting.request({ prompt: 'embedding:luna' });
    const error = errorOf(setting.generate(request));
    await until(() => setting.runs(request.promptId).length === 1);
    setting.server.models.loseEmbedding('luna');
    expect(await error).toBeInstanceOf(EmbeddingMissingError);

    setting.server.models.addEmbedding('luna.pt');
    const second = setting.request({ prompt: 'embedding:luna', earlier: request });
    await setting.generate(second);
    expect(setting.runs(second.promptId)).toEqual(['success']);
  });

  it('does not take an earlier picture while the embedding is missing', async () => {
    setting = await Setting.start({ servers: [{ embeddings: ['luna.pt'] }, { embeddings: ['luna.pt'] }] });
    const first = setting.request({ prompt: 'embedding:luna' });
    await setting.generate(first);
    setting.server.models.loseEmbedding('luna');
    const other = setting.generator.backends()[1].name;

    expect(await setting.generate(setting.request({ prompt: 'embedding:luna', backend: other, earlier: first }))).toMatchObject({
      backend: other,
    });
  });

  it.each([
    [
      'a comma without a blank',
      'a cat,embedding:easynegative',
      'ComfyUI does not see "cat,embedding:easynegative" as an embedding: write embedding:name with a blank before it.',
    ],
    ['no name', 'a cat, embedding:', 'ComfyUI does not see an embedding without a name: write embedding:name with a blank before it.'],
  ])('rejects an embedding that ComfyUI would silently pass over: %s', async (_title, prompt, message) => {
    setting = await Setting.start();
    expect(await errorOf(setting.generate(setting.request({ prompt })))).toEqual(
      new GenerationRejectedError(message, 'EMBEDDING_NOT_FOUND'),
    );
    expect(setting.asked('POST', '/prompt')).toBe(0);
  });

  it('asks for no list where no prompt names an embedding', async () => {
    setting = await Setting.start({ timings: { health: 3_600_000 } });
    const before = setting.asked('GET', '/embeddings');
    await setting.generate();
    expect(setting.asked('GET', '/embeddings')).toBe(before);
  });
});
