import { ImageGenerator } from '../../src/generation/image-generator.js';
import { startTestService, TestService } from '../service/test-service.js';

interface Node {
  id: string;
  username: string;
  character?: string;
  status?: string;
  createdAt: string;
}

interface Page {
  edges: { cursor: string; node: Node }[];
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

type List = 'batches' | 'images' | 'characters';

const FIELDS = {
  batches: 'id username character status createdAt',
  images: 'id username character status createdAt',
  characters: 'id username createdAt',
};

describe('lists', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
    // No backend takes anything, so that every image stays QUEUED until it is cancelled.
    jest.spyOn(service.app.get(ImageGenerator), 'backends').mockReturnValue([]);
    for (const k of [1, 2, 3, 4, 5, 6, 7]) await make('ada', 'luna', k % 2 ? 1 : 3);
    for (const character of ['nova', 'Luna', 'luna ́']) await make('ada', character, 1);
    for (const id of [await make('bob', 'luna', 30), await make('bob', 'luna', 90)]) await cancel(id);
    for (const [username, name] of [...Array(5).keys()].flatMap((k) => [
      ['ada', `c${k}`],
      ['bob', `c${k}`],
    ]))
      await save(username, name);
  });

  afterAll(() => service.close());

  const make = (username: string, character: string, count: number) => service.api.generate({ username, character, count });
  const cancel = (id: string) => service.api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { id } }', { id });

  function save(username: string, name: string) {
    return service.api.ask('mutation ($input: SaveCharacterInput!) { saveCharacter(input: $input) { id } }', { input: { username, name } });
  }

  /** `args` as they are written in GraphQL, such as `first: 3, status: QUEUED`. */
  async function list(name: List, args = ''): Promise<Page> {
    const fields = `edges { cursor node { id } } nodes { ${FIELDS[name]} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
    const query = `{ ${name}${args && `(${args})`} { ${fields} } }`;
    return (await service.api.ask(query))[name];
  }

  /** All pages one after the other; `between` happens between them. */
  async function pages(name: List, args: string, between = async () => {}): Promise<Page[]> {
    const all = [await list(name, args)];
    while (all.at(-1)!.pageInfo.hasNextPage) {
      await between();
      all.push(await list(name, `${args}, after: "${all.at(-1)!.pageInfo.endCursor}"`));
    }
    return all;
  }

  const newestFirst = (a: Node, b: Node) => (a.createdAt + a.id < b.createdAt + b.id ? 1 : -1);
  const idsOf = (nodes: Node[]) => nodes.map(({ id }) => id);

  it.each<[List, number, number]>([
    ['batches', 5, 12],
    ['images', 40, 136],
    ['characters', 3, 10],
  ])('give all %s in pages of %d, newest first, each once', async (name, first, total) => {
    const all = await pages(name, `first: ${first}`);
    const nodes = all.flatMap((page) => page.nodes);

    expect(new Set(idsOf(nodes)).size).toBe(total);
    expect(nodes).toHaveLength(total);
    expect(nodes).toEqual(nodes.toSorted(newestFirst));
    expect(all.slice(0, -1).every((page) => page.nodes.length === first)).toBe(true);
  });

  it('say where in the list a page is', async () => {
    const [first, ...later] = await pages('batches', 'first: 5');

    expect(first.edges.map(({ node }) => node.id)).toEqual(idsOf(first.nodes));
    expect(first.pageInfo).toEqual({
      ...{ hasNextPage: true, hasPreviousPage: false },
      ...{ startCursor: first.edges[0].cursor, endCursor: first.edges[4].cursor },
    });
    expect(later.map(({ pageInfo: { hasNextPage, hasPreviousPage } }) => [hasNextPage, hasPreviousPage])).toEqual([
      [true, true],
      [false, true],
    ]);
  });

  it('go on behind any cursor of a page, not only its last', async () => {
    const { edges, nodes } = await list('images', 'first: 10');
    const behind = await list('images', `first: 5, after: "${edges[3].cursor}"`);
    expect(behind.nodes).toEqual(nodes.slice(4, 9));
  });

  it('end exactly at the end', async () => {
    const { nodes, pageInfo } = await list('batches', 'first: 12');
    expect([nodes.length, pageInfo.hasNextPage]).toEqual([12, false]);
  });

  it('give 20 unless asked otherwise, and up to 100', async () => {
    expect((await list('images')).nodes).toHaveLength(20);
    expect((await list('images', 'first: 100')).nodes).toHaveLength(100);
    expect((await list('images', 'first: 1')).nodes).toHaveLength(1);
  });

  it.each([
    ['of a user', 'username: "ada"', ({ username }: Node) => username === 'ada'],
    ['of a character', 'character: "luna"', ({ character }: Node) => character === 'luna'],
    ['of a status', 'status: CANCELLED', ({ status }: Node) => status === 'CANCELLED'],
    [
      'of all three',
      'username: "ada", character: "luna", status: QUEUED',
      (node: Node) => node.username === 'ada' && node.character === 'luna',
    ],
    ['of nobody', 'username: "nobody"', () => false],
    ['of an empty name, which nobody has', 'character: ""', () => false],
    ['of a status that none has', 'status: FAILED', () => false],
    ['of anybody where a filter is null', 'username: null, character: null, status: null', () => true],
  ])('can be limited to those %s', async (_what, filter, matches) => {
    for (const name of ['batches', 'images'] as const) {
      const all = (await pages(name, 'first: 100')).flatMap(({ nodes }) => nodes);
      const filtered = (await pages(name, `first: 100, ${filter}`)).flatMap(({ nodes }) => nodes);
      expect(idsOf(filtered)).toEqual(idsOf(all.filter(matches)));
    }
  });

  it('of characters can be limited to a user', async () => {
    const { nodes } = await list('characters', 'username: "bob"');
    expect(nodes.map(({ username }) => username)).toEqual(Array(5).fill('bob'));
  });

  it('that are empty are empty, and no error', async () => {
    const empty = { edges: [], nodes: [], pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } };
    for (const name of ['batches', 'images', 'characters'] as const) expect(await list(name, 'username: "nobody"')).toEqual(empty);
  });

  it.each<[List, () => Promise<unknown>]>([
    ['batches', () => make('ada', 'luna', 1)],
    ['images', () => make('ada', 'luna', 2)],
    ['characters', () => save('ada', `new ${Math.random()}`)],
  ])('of %s stay as they were while newer ones come', async (name, add) => {
    const before = (await pages(name, 'first: 100')).flatMap(({ nodes }) => nodes);
    const meanwhile = (await pages(name, `first: ${Math.ceil(before.length / 4)}`, async () => void (await add()))).flatMap(
      ({ nodes }) => nodes,
    );
    expect(meanwhile).toEqual(before);
  });

  it('within a batch are in order of position and of number', async () => {
    const query = '{ batches(username: "bob", first: 1) { nodes { images { position } events(after: 85, first: 10) { number } } } }';
    const [{ images, events }] = (await service.api.ask(query)).batches.nodes;
    expect(images.map(({ position }: { position: number }) => position)).toEqual(Array.from({ length: 90 }, (_, k) => k + 1));
    expect(events.map(({ number }: { number: number }) => number)).toEqual(Array.from({ length: 10 }, (_, k) => k + 86));
  });
});
