import { getIntrospectionQuery } from 'graphql';
import { RefusedError } from '../service/api-client.js';
import { startTestService, TestService } from '../service/test-service.js';

describe('an answer', () => {
  let service: TestService;
  let batchId: string;
  let imageId: string;

  beforeAll(async () => {
    // Pictures that are never finished: only their rows matter here.
    service = await startTestService({ DEMO_TIME: '1h', SHUTDOWN_TIMEOUT: '0ms' });
    batchId = await service.api.generate({ count: 2 });
    imageId = (await service.api.ask(`{ batch(id: "${batchId}") { images { id } } }`)).batch.images[0].id;
  });

  afterAll(() => service.close());

  const images = (depth: number): string => (depth === 0 ? 'id' : `images { batch { ${images(depth - 1)} } }`);
  /** Twice as much with each fragment. */
  const fragments = (count: number) =>
    Array.from({ length: count }, (_, k) => {
      const next = k + 1 < count ? `...f${k + 1}` : 'id';
      return `fragment f${k} on Image { a: batch { id } b: batch { images { ${next} } } c: batch { images { ${next} } } }`;
    }).join(' ');
  const scalars = (count: number) =>
    Array.from({ length: count }, (_, k) => `fragment f${k} on Batch { ${k + 1 < count ? `...f${k + 1} ...f${k + 1}` : 'id'} }`).join(' ');

  const TOO_LARGE: [string, () => string, object?][] = [
    ['batches within images within batches', () => `{ batch(id: "${batchId}") { ${images(3)} } }`],
    ['the same under one image', () => `{ image(id: "${imageId}") { batch { ${images(3)} } } }`],
    [
      'every event of every image of a hundred batches',
      () => '{ batches(first: 100) { nodes { images { events { number status at } } } } }',
    ],
    [
      'the same for a number among the variables',
      () => 'query ($first: Int!) { batches(first: $first) { nodes { images { events { number status at } } } } }',
      { first: 100 },
    ],
    [
      'the same for a number that is a default',
      () => 'query ($first: Int! = 100) { batches(first: $first) { nodes { images { events { number status at } } } } }',
    ],
    ['fragments that double each other', () => `{ image(id: "${imageId}") { ...f0 } } ${fragments(40)}`],
    ['fragments that name each other twice', () => `{ batch(id: "${batchId}") { ...f0 } } ${scalars(100)}`],
    ['inline fragments', () => `{ ... on Query { batch(id: "${batchId}") { ... { ${images(3)} } } } }`],
    [
      'the same list under many names, with one that would count down',
      () =>
        `{ low: batches(first: -2147483648) { nodes { id } } ${Array.from({ length: 8 }, (_, k) => `a${k}: batches(first: 100) { nodes { images { id status index seed } } }`).join(' ')} }`,
    ],
  ];

  it.each(TOO_LARGE)('is refused for %s, before anything is read', async (_what, query, variables = {}) => {
    const { status, data, errors } = await service.api.send(query(), variables);
    expect({ status, data, codes: errors?.map(({ extensions }) => extensions.code) }).toEqual({
      status: 400,
      data: undefined,
      codes: ['GRAPHQL_VALIDATION_FAILED'],
    });
    expect(errors![0].message).toMatch(/250,000 values/);
  });

  it.each(TOO_LARGE)('is refused over a websocket, too, for %s', async (_what, query, variables = {}) => {
    const refusal = await service.api
      .follow(query(), variables)
      .next()
      .catch((error: unknown) => error);
    expect((refusal as RefusedError).errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('to a subscription counts for each event', async () => {
    const refusal = await service.api
      .follow(`subscription { imageStatusChanged(batchId: "${batchId}") { image { batch { ${images(3)} } } } }`)
      .next()
      .catch((error: unknown) => error);
    expect((refusal as RefusedError).errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it.each<[string, string, object?]>([
    ['the whole schema', getIntrospectionQuery()],
    [
      'a hundred batches with what a sheet shows of each image',
      `{ batches(first: 100) { nodes { id status images { id position index seed status url width height bytes sha256 error { code message } duplicateOf { index } } } } }`,
    ],
    [
      'a hundred images with their batches and events',
      '{ images(first: 100) { nodes { id batch { id prompt } events { number status at error { code } } } } }',
    ],
    [
      'a page of the length that is asked for',
      'query ($first: Int! = 100) { batches(first: $first) { nodes { images { events { number status at } } } } }',
      { first: 10 },
    ],
  ])('may be %s', async (_what, query, variables = {}) => {
    expect((await service.api.send(query, variables)).errors).toBeUndefined();
  });

  it('has the events of each image with that image', async () => {
    const { batches } = await service.api.ask('{ batches { nodes { images { id events { imageId number } } } } }');
    const [first, second] = batches.nodes[0].images;
    expect(first.events[0]).toEqual({ imageId: first.id, number: 1 });
    expect(second.events[0]).toEqual({ imageId: second.id, number: 2 });
  });
});
