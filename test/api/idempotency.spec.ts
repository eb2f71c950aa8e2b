import { Config } from '../../src/config/config.js';
import { ImageGenerator } from '../../src/generation/image-generator.js';
import { Answer } from '../service/api-client.js';
import { startTestService, TestService } from '../service/test-service.js';

const GENERATE =
  'mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { replayed batch { id status images { index } } } }';

describe('an idempotency key', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
    jest.spyOn(service.app.get(ImageGenerator), 'faultsOf').mockReturnValue([]);
  });

  afterAll(() => service.close());

  function send(character: string, input: object): Promise<Answer<any>> {
    return service.api.send(GENERATE, {
      input: { username: 'ada', character, prompt: 'at dusk', count: 3, width: 64, height: 64, ...input },
    });
  }

  async function reserved(character: string, username = 'ada'): Promise<number> {
    const query = 'query ($username: String!, $character: String!) { series(username: $username, character: $character) { lastIndex } }';
    const { series } = await service.api.ask(query, { username, character });
    return series?.lastIndex ?? 0;
  }

  const codeOf = ({ errors }: Answer<unknown>) => errors?.[0].extensions.code;
  const batchOf = ({ data }: Answer<any>) => data.generateBatch.batch.id as string;
  const isReplay = ({ data }: Answer<any>) => data.generateBatch.replayed as boolean;

  it('sent 20 times at once makes one batch and one reservation', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('at-once', { idempotencyKey: 'k' })));

    expect(new Set(answers.map(batchOf)).size).toBe(1);
    expect(answers.filter(isReplay)).toHaveLength(19);
    expect(answers[0].data.generateBatch.batch.images).toEqual([{ index: 1 }, { index: 2 }, { index: 3 }]);
    expect(await reserved('at-once')).toBe(3);
  });

  it('without a key every call makes another batch', async () => {
    const answers = [await send('none', {}), await send('none', {}), await send('none', { idempotencyKey: null })];
    expect(new Set(answers.map(batchOf)).size).toBe(3);
    expect(answers.some(isReplay)).toBe(false);
    expect(await reserved('none')).toBe(9);
  });

  it.each([
    ['prompt', { prompt: 'at dawn' }],
    ['count', { count: 4 }],
    ['character', { character: 'another' }],
    ['seed', { seed: 1 }],
    ['size', { width: 128 }],
    ['workflow', { workflow: 'demo' }],
    ['parameters', { parameters: { style: 'ink' } }],
  ])('with another %s is refused and reserves nothing', async (what, other) => {
    await send(`first ${what}`, { idempotencyKey: what });
    expect(codeOf(await send(`first ${what}`, { idempotencyKey: what, ...other }))).toBe('IDEMPOTENCY_KEY_REUSED');
    expect(await reserved(`first ${what}`)).toBe(3);
    expect(await reserved('another')).toBe(0);
  });

  it('sent at once with two inputs serves one of them and refuses the other', async () => {
    const counts = Array.from({ length: 20 }, (_, k) => 1 + (k % 2));
    const answers = await Promise.all(counts.map((count) => send('two-inputs', { idempotencyKey: 'two', count })));

    const [served, refused] = [answers.filter(({ errors }) => !errors), answers.filter(({ errors }) => errors)];
    expect(new Set(served.map(batchOf)).size).toBe(1);
    expect(refused.map(codeOf)).toEqual(Array(10).fill('IDEMPOTENCY_KEY_REUSED'));
    expect(await reserved('two-inputs')).toBe(served[0].data.generateBatch.batch.images.length);
  });

  it('is another one for another user', async () => {
    const answers = [await send('luna', { idempotencyKey: 'mine' }), await send('luna', { idempotencyKey: 'mine', username: 'bob' })];
    expect(answers.map(isReplay)).toEqual([false, false]);
    expect(await reserved('luna', 'bob')).toBe(3);
  });

  it('knows the same input again, however it is written', async () => {
    const written = [
      { parameters: { style: { ink: 1, dots: [1, 2] }, mood: 'calm' } },
      { parameters: { mood: 'calm', style: { dots: [1, 2], ink: 1 } } },
      {
        parameters: { mood: 'calm', style: { dots: [1, 2], ink: 1, gone: null } },
        seed: null,
        workflow: null,
        negativePrompt: null,
        steps: null,
      },
      { parameters: { mood: 'calm', style: { dots: [1, 2], ink: 1 } }, count: 3 },
    ];
    const answers = [];
    for (const input of written) answers.push(await send('written', { idempotencyKey: 'same', ...input }));

    expect(answers.map(isReplay)).toEqual([false, true, true, true]);
    const reordered = { mood: 'calm', style: { dots: [2, 1], ink: 1 } };
    expect(codeOf(await send('written', { idempotencyKey: 'same', parameters: reordered }))).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('finds its batch after that has ended', async () => {
    const first = await send('ended', { idempotencyKey: 'late' });
    await service.api.ended(batchOf(first));

    const again = await send('ended', { idempotencyKey: 'late' });
    expect(again.data.generateBatch).toMatchObject({ replayed: true, batch: { id: batchOf(first), status: 'COMPLETED' } });
    expect(await reserved('ended')).toBe(3);
  });

  it('finds its batch when the same request would be refused by now', async () => {
    const first = await send('by now', { idempotencyKey: 'gone', workflow: 'demo' });
    const config = service.app.get(Config, { strict: false });
    const gone = jest.spyOn(service.app.get(ImageGenerator), 'workflows').mockReturnValue([{ name: 'another', parameters: [] }]);
    const smaller = jest.replaceProperty(config, 'MAX_BATCH_SIZE', 1);
    const again = await send('by now', { idempotencyKey: 'gone', workflow: 'demo' });
    const other = await send('by now', { idempotencyKey: 'gone', workflow: 'other' });
    const more = await send('by now', { idempotencyKey: 'new', workflow: 'demo' });
    smaller.restore();
    const unknown = await send('by now', { idempotencyKey: 'new', workflow: 'demo' });
    gone.mockRestore();

    expect(again.data.generateBatch).toMatchObject({ replayed: true, batch: { id: batchOf(first) } });
    expect([other, more, unknown].map(codeOf)).toEqual(['IDEMPOTENCY_KEY_REUSED', 'BAD_USER_INPUT', 'WORKFLOW_NOT_FOUND']);
    expect(await reserved('by now')).toBe(3);
  });

  it('is not used up by a call that was refused', async () => {
    expect(codeOf(await send('refused', { idempotencyKey: 'free', count: 0 }))).toBe('BAD_USER_INPUT');
    expect(isReplay(await send('refused', { idempotencyKey: 'free' }))).toBe(false);
  });
});
