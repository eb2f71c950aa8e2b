import { randomUUID } from 'node:crypto';
import { ImageGenerator } from '../../src/generation/image-generator.js';
import { Answer } from '../service/api-client.js';
import { startTestService, TestService } from '../service/test-service.js';

const FIELDS =
  'id username name embedding promptPrefix negativePrompt workflow createdAt updatedAt series { username character lastIndex imageCount }';
const SAVE = `mutation ($input: SaveCharacterInput!) { saveCharacter(input: $input) { ${FIELDS} } }`;
const FIND = `query ($name: String!, $username: String!) { character(name: $name, username: $username) { ${FIELDS} } }`;

describe('characters', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  async function save(name: string, input: object = {}) {
    return (await service.api.ask(SAVE, { input: { username: 'ada', name, ...input } })).saveCharacter;
  }

  async function find(name: string, username = 'ada') {
    return (await service.api.ask(FIND, { name, username })).character;
  }

  async function remove(id: string): Promise<Answer<{ deleteCharacter: boolean }>> {
    return service.api.send('mutation ($id: ID!) { deleteCharacter(id: $id) }', { id });
  }

  async function generated(character: string, input: object = {}) {
    const fields = 'id prompt effectivePrompt negativePrompt embedding workflow images { index }';
    const query = `mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { batch { ${fields} } } }`;
    const asked = { username: 'ada', character, prompt: 'at dusk', count: 2, width: 64, height: 64, ...input };
    return (await service.api.ask(query, { input: asked })).generateBatch.batch;
  }

  it('are unknown until they are saved', async () => {
    expect(await find('nobody')).toBeNull();
  });

  it('are saved as they are given', async () => {
    const given = { embedding: 'luna_v2', promptPrefix: 'a watercolour of', negativePrompt: 'blurry', workflow: 'demo' };
    const saved = await save('luna', given);
    expect(saved).toMatchObject({ ...given, username: 'ada', name: 'luna' });
    expect(await find('luna')).toEqual(saved);
    expect(await find('luna', 'bob')).toBeNull();
    expect(await find('Luna')).toBeNull();
  });

  it('are replaced as a whole, and stay the same character', async () => {
    const first = await save('nova', { embedding: 'nova_v1', promptPrefix: 'a photo of', negativePrompt: 'blurry', workflow: 'demo' });
    const second = await save('nova', { promptPrefix: 'a drawing of' });
    expect(second).toEqual({
      ...first,
      ...{ promptPrefix: 'a drawing of', embedding: null, negativePrompt: null, workflow: null, updatedAt: second.updatedAt },
    });
    expect(second.updatedAt >= first.updatedAt).toBe(true);
    expect((await find('nova')).id).toBe(first.id);
  });

  it('saved by many at once are one', async () => {
    const saved = await Promise.all(Array.from({ length: 10 }, (_, k) => save('once', { promptPrefix: `number ${k}` })));
    expect(new Set(saved.map(({ id }) => id)).size).toBe(1);
  });

  it('saved and deleted at once are there or not, and that is no error', async () => {
    const saves = Array.from({ length: 20 }, () => save('to and fro').then(({ id }) => remove(id)));
    const codes = (await Promise.all(saves)).map(({ errors }) => errors?.[0].extensions.code);
    expect(codes.filter((code) => code !== undefined && code !== 'NOT_FOUND')).toEqual([]);
  });

  it('have an empty series before their first image, and then the one of their images', async () => {
    const empty = { username: 'ada', character: 'new', lastIndex: 0, imageCount: 0 };
    expect((await save('new')).series).toEqual(empty);
    await generated('new');
    expect((await find('new')).series).toEqual({ ...empty, lastIndex: 2, imageCount: 2 });
  });

  it('stand in front of the prompts of their batches', async () => {
    await save('mira', { embedding: 'mira_v1', promptPrefix: 'a watercolour of', negativePrompt: 'blurry', workflow: 'demo' });
    expect(await generated('mira')).toMatchObject({
      ...{ prompt: 'at dusk', negativePrompt: 'blurry', embedding: 'mira_v1', workflow: 'demo' },
      effectivePrompt: expect.stringMatching(/^embedding:mira_v1\b.*a watercolour of.*at dusk$/),
    });
    expect(await generated('mira', { negativePrompt: 'night' })).toMatchObject({ negativePrompt: 'night' });
  });

  it('stay in a batch as they were when it was made', async () => {
    const { id } = await save('vera', { embedding: 'vera_v1', promptPrefix: 'a sketch of', negativePrompt: 'blurry' });
    const made = await generated('vera');
    const batch = () =>
      service.api.ask(`{ batch(id: "${made.id}") { id prompt effectivePrompt negativePrompt embedding workflow images { index } } }`);

    await save('vera', { embedding: 'vera_v2', promptPrefix: 'a statue of' });
    expect(await batch()).toEqual({ batch: made });
    expect((await generated('vera')).effectivePrompt).toMatch(/^embedding:vera_v2\b.*a statue of/);
    await remove(id);
    expect(await batch()).toEqual({ batch: made });
  });

  it('with a workflow that is gone say so when a batch is asked for, unless it names another', async () => {
    await save('old', { workflow: 'gone' });
    const query =
      'mutation ($workflow: String) { generateBatch(input: { username: "ada", character: "old", prompt: "x", workflow: $workflow }) { replayed } }';
    expect((await service.api.send(query)).errors![0].extensions.code).toBe('WORKFLOW_NOT_FOUND');
    expect((await service.api.send(query, { workflow: 'demo' })).errors).toBeUndefined();
  });

  it('can be deleted once; their numbering goes on', async () => {
    const { id } = await save('gone');
    await generated('gone');

    expect((await remove(id)).data).toEqual({ deleteCharacter: true });
    expect(await find('gone')).toBeNull();
    expect((await remove(id)).errors![0].extensions.code).toBe('NOT_FOUND');
    expect((await generated('gone')).images.map(({ index }: { index: number }) => index)).toEqual([3, 4]);
    const again = await save('gone');
    expect(again.id).not.toBe(id);
    expect(again.series).toMatchObject({ lastIndex: 4, imageCount: 4 });
  });

  describe('with an embedding', () => {
    beforeAll(async () => {
      // From now on this process reports no backend; what others report is written by hand.
      jest.spyOn(service.app.get(ImageGenerator), 'backends').mockReturnValue([]);
    });

    interface Seen {
      name?: string;
      embeddings: string[] | null;
      healthy?: boolean;
      seen?: boolean;
      reported?: string;
    }

    async function sightings(rows: Seen[]) {
      await service.database.query('DELETE FROM backend_sighting');
      for (const [k, { name = `gpu-${k}`, embeddings, healthy = true, seen = true, reported = '0 s' }] of rows.entries()) {
        await service.database.query(
          `INSERT INTO backend_sighting (name, process_id, healthy, embeddings, last_seen_at, reported_at)
           VALUES ($1, $2, $3, $4, $5, now() - $6::interval)`,
          [name, randomUUID(), healthy, embeddings, seen ? new Date() : null, reported],
        );
      }
    }

    async function saveWith(embedding: string | null) {
      const { status, errors } = await service.api.send(SAVE, { input: { username: 'ada', name: `with ${embedding}`, embedding } });
      const saved = await find(`with ${embedding}`);
      if (saved) await remove(saved.id);
      return { status, code: errors?.[0].extensions.code, saved: saved !== null };
    }

    const accepted = { status: 200, code: undefined, saved: true };
    const notFound = { status: 200, code: 'EMBEDDING_NOT_FOUND', saved: false };
    const notNow = { status: 503, code: 'SERVICE_UNAVAILABLE', saved: false };

    it('are saved when some backend has it', async () => {
      await sightings([{ embeddings: ['other'] }, { embeddings: ['other', 'luna_v1'] }]);
      expect(await saveWith('luna_v1')).toEqual(accepted);
      await sightings([{ embeddings: ['other'] }, { embeddings: ['luna_v1'], healthy: false }]);
      expect(await saveWith('luna_v1')).toEqual(accepted);
      await sightings([{ embeddings: null }]);
      expect(await saveWith('anything')).toEqual(accepted);
    });

    it('are refused when no known backend has it', async () => {
      await sightings([{ embeddings: ['other'] }, { embeddings: [] }]);
      for (const embedding of ['luna_v1', 'Other', 'othe', 'other2']) expect(await saveWith(embedding)).toEqual(notFound);
      await sightings([{ embeddings: ['other'] }, { embeddings: ['luna_v1'], reported: '1 min' }]);
      expect(await saveWith('luna_v1')).toEqual(notFound);
    });

    it('cannot be saved just now when no backend is known that could be asked', async () => {
      await sightings([]);
      expect(await saveWith('luna_v1')).toEqual(notNow);
      await sightings([
        { embeddings: [], seen: false, healthy: false },
        { embeddings: ['luna_v1'], reported: '1 min' },
      ]);
      expect(await saveWith('luna_v1')).toEqual(notNow);
    });

    it('tell on how many of the known backends it is now, whoever has seen them', async () => {
      const check = async (embedding: string | null) => {
        const query = 'query ($name: String!) { character(username: "ada", name: $name) { embeddingCheck { found of } } }';
        await service.database.query(`UPDATE "character" SET embedding = $1 WHERE name = 'luna'`, [embedding]);
        return (await service.api.ask(query, { name: 'luna' })).character.embeddingCheck;
      };
      const twoWorkers = { name: 'gpu-1', embeddings: ['luna_v1'] };
      await sightings([{ embeddings: null }, twoWorkers, twoWorkers, { name: 'gpu-2', embeddings: [] }]);
      expect([await check('luna_v1'), await check('luna_v2'), await check(null)]).toEqual([{ found: 2, of: 3 }, { found: 1, of: 3 }, null]);
      await sightings([]);
      expect(await check('luna_v1')).toEqual({ found: 0, of: 0 });
    });

    it('need none to be saved without one', async () => {
      await sightings([]);
      expect(await saveWith(null)).toEqual(accepted);
    });
  });
});
