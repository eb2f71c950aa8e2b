import { setImmediate } from 'node:timers/promises';
import { FakeComfyUI } from '../comfyui/fake-comfyui.js';
import { startTestService, TestService } from '../service/test-service.js';

interface MadeImage {
  index: number;
  status: string;
  backend: string;
  sha256: string;
  generationAttempts: number;
  error: { code: string; message: string; retryable: boolean } | null;
  duplicateOf: { index: number } | null;
}

const IMAGES = `query ($id: ID!) { batch(id: $id) { effectivePrompt embedding images {
  index status backend sha256 generationAttempts error { code message retryable } duplicateOf { index } } } }`;

describe('the pipeline on two ComfyUI servers', () => {
  let left: FakeComfyUI;
  let right: FakeComfyUI;
  let service: TestService;

  beforeEach(async () => {
    left = await FakeComfyUI.start({ pictureMs: 20, embeddings: ['luna_v3'], checkpoints: ['sd15.safetensors'] });
    right = await FakeComfyUI.start({ pictureMs: 20, embeddings: [], checkpoints: ['sd15.safetensors'] });
    service = await startTestService({ COMFYUI_URLS: `${left.url}#left,${right.url}#right` });
    await untilHealthy('left', 'right');
  });

  afterEach(async () => {
    await service.close();
    await left.kill();
    await right.kill();
  });

  async function untilHealthy(...names: string[]): Promise<void> {
    for (;;) {
      const { backends } = await service.api.ask('{ backends { name healthy } }');
      const healthy = backends.filter((backend: { healthy: boolean }) => backend.healthy).map(({ name }: { name: string }) => name);
      if (names.every((name) => healthy.includes(name))) return;
      await setImmediate();
    }
  }

  async function made(input: object): Promise<MadeImage[]> {
    const id = await service.api.generate(input);
    await service.api.ended(id);
    return (await service.api.ask(IMAGES, { id })).batch.images;
  }

  it('makes twelve different pictures, on both servers, each once', async () => {
    const images = await made({ count: 12 });

    expect(images.map(({ status }) => status)).toEqual(Array(12).fill('UPLOADED'));
    expect(new Set(images.map(({ sha256 }) => sha256)).size).toBe(12);
    expect(new Set(images.map(({ backend }) => backend))).toEqual(new Set(['left', 'right']));
    expect(left.executions.length + right.executions.length).toBe(12);
  });

  it('draws a character only where its embedding is, and never as somebody else', async () => {
    const save = 'mutation ($input: SaveCharacterInput!) { saveCharacter(input: $input) { embedding } }';
    await service.api.ask(save, { input: { username: 'ada', name: 'luna', embedding: 'luna_v3', promptPrefix: 'portrait' } });
    const images = await made({ count: 4 });

    expect(images.map(({ backend }) => backend)).toEqual(Array(4).fill('left'));
    expect(left.executions.every(({ text }) => text?.startsWith('embedding:luna_v3 portrait'))).toBe(true);
    expect(right.executions).toEqual([]);
  });

  it('refuses a character whose embedding no server has', async () => {
    const save = 'mutation ($input: SaveCharacterInput!) { saveCharacter(input: $input) { id } }';
    const { errors } = await service.api.send(save, { input: { username: 'ada', name: 'luna', embedding: 'nobody' } });
    expect(errors?.[0].extensions.code).toBe('EMBEDDING_NOT_FOUND');
  });

  it('fails at once what no server can ever make, and says why', async () => {
    const [embedding] = await made({ count: 1, prompt: 'embedding:nobody at the sea' });
    const [checkpoint] = await made({ count: 1, parameters: { checkpoint: 'nothing.safetensors' } });

    expect(embedding).toMatchObject({ status: 'FAILED', error: { code: 'EMBEDDING_NOT_FOUND', retryable: false } });
    expect(checkpoint).toMatchObject({ status: 'FAILED', error: { code: 'GENERATOR_REJECTED', retryable: false } });
    expect(checkpoint.error?.message).toMatch('nothing.safetensors');
  });

  it('refuses before anything is reserved what the workflow has no place for', async () => {
    const mutation = 'mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { replayed } }';
    const input = { username: 'ada', character: 'luna', prompt: 'x', parameters: { nope: 1 } };
    const { errors } = await service.api.send(mutation, { input });
    expect(errors?.[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(await service.database.query('SELECT FROM series')).toEqual([]);
  });

  it('moves the images of a server that is gone for good to the other, under the same index', async () => {
    const id = await service.api.generate({ count: 12 });
    await left.kill();

    expect(await service.api.ended(id)).toBe('COMPLETED');
    const { images } = (await service.api.ask(IMAGES, { id })).batch;
    expect(images.map(({ index }: MadeImage) => index)).toEqual(Array.from({ length: 12 }, (_, k) => k + 1));
    expect(new Set(images.map(({ sha256 }: MadeImage) => sha256)).size).toBe(12);
  });

  it('shows the same picture asked for twice as a duplicate of the first', async () => {
    const [first] = await made({ count: 1, seed: 7 });
    const [second] = await made({ count: 1, seed: 7 });

    expect(first.duplicateOf).toBeNull();
    expect(second).toMatchObject({ sha256: first.sha256, status: 'UPLOADED', duplicateOf: { index: first.index } });
  });

  it('stops a running prompt when its batch is cancelled, and nobody else’s', async () => {
    left.settings.pictureMs = right.settings.pictureMs = 60_000;
    const foreign = left.submitForeignJob('somebody else');
    const id = await service.api.generate({ count: 4 });
    await untilGenerating(id, 4);
    await service.api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { status } }', { id });

    expect(await service.api.ended(id)).toBe('CANCELLED');
    await untilOnly(foreign);
  });

  async function untilGenerating(batchId: string, count: number): Promise<void> {
    const query = 'subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { status } }';
    let generating = 0;
    for await (const { imageStatusChanged } of service.api.follow(query, { batchId })) {
      if (imageStatusChanged.status === 'GENERATING' && ++generating === count) return;
    }
  }

  /** Both servers hold nothing any more but the prompt of somebody else. */
  async function untilOnly(promptId: string): Promise<void> {
    for (;;) {
      const queues = await Promise.all([left, right].map(async ({ url }) => (await fetch(`${url}/queue`)).json()));
      const ids = queues.flatMap((queue: any) => [...queue.queue_running, ...queue.queue_pending].map((item: unknown[]) => item[1]));
      if (ids.join() === promptId) return;
      await setImmediate();
    }
  }
});
