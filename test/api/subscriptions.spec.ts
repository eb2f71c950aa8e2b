import { createClient } from 'graphql-ws';
import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { WakeUps } from '../../src/database/wake-ups.js';
import { GenerationRejectedError, ImageGenerator } from '../../src/generation/image-generator.js';
import { RefusedError } from '../service/api-client.js';
import { holdPictures } from '../service/held-pictures.js';
import { startTestService, TestService } from '../service/test-service.js';

interface StreamedEvent {
  number: number;
  position: number;
  index: number;
  status: string;
  batchStatus: string;
  url: string | null;
  error: { code: string } | null;
  image: { id: string; index: number };
}

const EVENT = 'number position index status batchStatus url error { code } image { id index }';
const FOLLOW = `subscription ($batchId: ID!, $after: Int! = 0) { imageStatusChanged(batchId: $batchId, after: $after) { ${EVENT} } }`;
const PROGRESS = `subscription ($batchId: ID!, $previews: Boolean! = false) {
  imageProgress(batchId: $batchId, previews: $previews) { imageId position stage fraction preview }
}`;
const UNKNOWN_ID = '0192f4a0-0000-7000-8000-000000000000';

const sockets: WebSocket[] = [];

/** A websocket that can be torn from its client. */
class Socket extends WebSocket {
  constructor(url: string, protocols: string) {
    super(url, protocols);
    sockets.push(this);
  }
}

describe('imageStatusChanged', () => {
  let service: TestService;
  let generator: ImageGenerator;

  beforeAll(async () => {
    service = await startTestService();
    generator = service.app.get(ImageGenerator);
  });

  afterAll(() => service.close());
  afterEach(() => jest.restoreAllMocks());

  async function eventsOf(batchId: string, after = 0, api = service.api): Promise<StreamedEvent[]> {
    const events: StreamedEvent[] = [];
    for await (const { imageStatusChanged } of api.follow(FOLLOW, { batchId, after })) events.push(imageStatusChanged);
    return events;
  }

  const client = () => createClient({ url: `${service.url.replace('http', 'ws')}/graphql`, webSocketImpl: Socket, retryAttempts: 0 });
  const numbers = (events: { number: number }[]) => events.map(({ number }) => number);
  const upTo = (n: number, from = 1) => Array.from({ length: n - from + 1 }, (_, k) => from + k);
  const holdBack = () => jest.spyOn(generator, 'backends').mockReturnValue([]);

  it('tells the whole story of a batch live, from its first event to its last, and completes', async () => {
    const events = await eventsOf(await service.api.generate({ count: 3, character: 'story' }));

    expect(numbers(events)).toEqual(upTo(15));
    for (const position of [1, 2, 3]) {
      const own = events.filter((event) => event.position === position);
      expect(own.map(({ status }) => status)).toEqual(['QUEUED', 'GENERATING', 'GENERATED', 'UPLOADING', 'UPLOADED']);
      expect(own.every(({ index, image }) => index === position && image.index === position)).toBe(true);
      expect(own.map(({ url }) => url !== null)).toEqual([false, false, false, false, true]);
    }
    expect(events.map(({ batchStatus }) => batchStatus)).toEqual([...Array(3).fill('QUEUED'), ...Array(11).fill('RUNNING'), 'COMPLETED']);
  });

  it('replays everything to one who comes after the end, and completes', async () => {
    const id = await service.api.generate({ count: 2 });
    const live = await eventsOf(id);
    expect(await eventsOf(id)).toEqual(live);
    expect(numbers(live)).toEqual(upTo(10));
  });

  it('starts behind `after`, and at the very end it only completes', async () => {
    const id = await service.api.generate({ count: 2 });
    expect(numbers(await eventsOf(id, 2))).toEqual(upTo(10, 3));
    expect(numbers(await eventsOf(id, 9))).toEqual([10]);
    expect(numbers(await eventsOf(id, 10))).toEqual([]);
  });

  it('tells many at once the same', async () => {
    const id = await service.api.generate({ count: 4 });
    const streams = await Promise.all(Array.from({ length: 10 }, () => eventsOf(id)));
    for (const stream of streams) expect(numbers(stream)).toEqual(upTo(20));
  });

  it('tells more events than it reads at a time', async () => {
    holdBack();
    const id = await service.api.generate({ count: 100 });
    await service.api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { id } }', { id });
    expect(numbers(await eventsOf(id))).toEqual(upTo(200));
    expect(numbers(await eventsOf(id, 50))).toEqual(upTo(200, 51));
  });

  it('lets one who drops and comes back twenty times miss nothing and see nothing twice', async () => {
    const id = await service.api.generate({ count: 12 });
    const seen: number[] = [];
    for (let drop = 1; drop <= 20; drop++) seen.push(...(await untilDropped(id, seen.at(-1) ?? 0, 1 + Math.floor(Math.random() * 3))));
    seen.push(...numbers(await eventsOf(id, seen.at(-1) ?? 0)));
    expect(seen).toEqual(upTo(60));
  });

  /** Reads `many` events, or as many as there are, and then drops the connection without a word. */
  async function untilDropped(batchId: string, after: number, many: number): Promise<number[]> {
    const stream = client().iterate<{ imageStatusChanged: StreamedEvent }>({ query: FOLLOW, variables: { batchId, after } });
    const seen: number[] = [];
    while (seen.length < many) {
      const { value, done } = await stream.next();
      if (done) break;
      seen.push(value.data!.imageStatusChanged.number);
    }
    sockets.at(-1)!.terminate();
    return seen;
  }

  it('does not end at an ending that a retry has reopened', async () => {
    const failing = jest.spyOn(generator, 'generate').mockRejectedValue(new GenerationRejectedError('Not today.'));
    const id = await service.api.generate({ count: 2 });
    const firstEnding = await eventsOf(id);
    expect(firstEnding.at(-1)).toMatchObject({ number: 6, status: 'FAILED', batchStatus: 'FAILED', error: { code: 'GENERATOR_REJECTED' } });

    failing.mockRestore();
    const makeAgain = holdPictures(service);
    await service.api.ask('mutation ($id: ID!) { retryBatch(id: $id) { id } }', { id });
    const seen: StreamedEvent[] = [];
    for await (const { imageStatusChanged } of service.api.follow(FOLLOW, { batchId: id })) {
      seen.push(imageStatusChanged);
      if (imageStatusChanged.number === 10) makeAgain();
    }
    expect(seen.slice(0, 6)).toEqual(firstEnding);
    expect(numbers(seen)).toEqual(upTo(16));
    expect(seen[6]).toMatchObject({ status: 'QUEUED', batchStatus: 'RUNNING' });
    expect(seen.at(-1)).toMatchObject({ status: 'UPLOADED', batchStatus: 'COMPLETED' });
  });

  it('wakes at a change made under the id in upper case', async () => {
    holdBack();
    const id = await service.api.generate({ count: 1 });
    const rest = eventsOf(id, 1);
    const started = performance.now();
    await service.api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { id } }', { id: id.toUpperCase() });
    expect(await rest).toMatchObject([{ number: 2, status: 'CANCELLED', batchStatus: 'CANCELLED' }]);
    expect(performance.now() - started).toBeLessThan(3_500); // it re-reads after 4 s in any case
  });

  it('tells on one process what the workers of another do', async () => {
    const other = await service.another();
    holdBack();
    const id = await service.api.generate({ count: 4 });
    const [here, there] = await Promise.all([eventsOf(id), eventsOf(id, 0, other.api)]);
    expect(numbers(here)).toEqual(upTo(20));
    expect(there.map((event) => ({ ...event, url: null }))).toEqual(here.map((event) => ({ ...event, url: null })));
    await other.stop();
  });

  describe('refuses', () => {
    async function refusal(query: string, variables: object = {}): Promise<RefusedError['errors'][0]> {
      const next = service.api.follow(query, variables).next();
      const error = await next.then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(RefusedError);
      return (error as RefusedError).errors[0];
    }

    it.each([UNKNOWN_ID, '', 'x', 'a\0b', "' OR 1=1 --"])('the unknown or malformed id %j as NOT_FOUND', async (batchId) => {
      for (const query of [FOLLOW, PROGRESS]) expect((await refusal(query, { batchId })).extensions).toEqual({ code: 'NOT_FOUND' });
    });

    it.each([-1, 6, 1_000_000])('after: %d of a batch with five events', async (after) => {
      const batchId = await service.api.generate({ count: 1 });
      await service.api.ended(batchId);
      const { extensions } = await refusal(FOLLOW, { batchId, after });
      expect(extensions).toEqual({ code: 'BAD_USER_INPUT', fields: [{ field: 'after', message: expect.any(String) }] });
    });

    it.each([
      ['malformed GraphQL', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
      ['endless nesting', '{ a '.repeat(50_000), {}, 'GRAPHQL_PARSE_FAILED'],
      ['an unknown field', 'subscription { nonsense }', {}, 'GRAPHQL_VALIDATION_FAILED'],
      ['a variable of the wrong type', FOLLOW, { batchId: UNKNOWN_ID, after: 'x' }, 'BAD_USER_INPUT'],
      ['a missing variable', FOLLOW, {}, 'BAD_USER_INPUT'],
    ])('%s with its code', async (_what, query, variables, code) => {
      const { extensions, message } = await refusal(query, variables);
      expect(extensions).toEqual({ code });
      expect(message).not.toMatch(/call stack|node_modules/);
    });
  });

  describe('when a client leaves', () => {
    function listeners(): EventEmitter {
      return Reflect.get(service.app.get(WakeUps), 'listeners') as EventEmitter;
    }

    function topics(): string[] {
      return listeners()
        .eventNames()
        .map(String)
        .filter((name) => name.startsWith('topic'))
        .toSorted();
    }

    async function untilTopics(count: number): Promise<void> {
      for (const deadline = AbortSignal.timeout(5_000); topics().length !== count; await setImmediate()) deadline.throwIfAborted();
    }

    it.each([
      ['with a word', (streams: AsyncIterableIterator<unknown>[]) => Promise.all(streams.map((stream) => stream.return!()))],
      ['without a word', () => Promise.all(sockets.map((socket) => socket.terminate()))],
    ])('%s, nothing is left of its subscriptions', async (_how, leave) => {
      await untilTopics(0);
      holdBack();
      const batchId = await service.api.generate({ count: 1 });
      const both = client();
      const streams = [FOLLOW, PROGRESS].map((query) => both.iterate({ query, variables: { batchId } }));
      for (const stream of streams) stream.next().catch(() => 'the connection was torn');
      await untilTopics(2);
      expect(topics()).toEqual([`topic events:${batchId}`, `topic progress:${batchId}`]);

      await leave(streams);
      await untilTopics(0);
    });
  });
});

describe('imageProgress', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({ DEMO_TIME: '4s' });
  });

  afterAll(() => service.close());

  interface Progress {
    position: number;
    stage: string;
    fraction: number;
    preview: string | null;
  }

  async function progressOf(batchId: string, previews = false): Promise<Progress[]> {
    const told: Progress[] = [];
    for await (const { imageProgress } of service.api.follow(PROGRESS, { batchId, previews })) told.push(imageProgress);
    return told;
  }

  it('tells fractions that rise within 0…1, with previews where they are asked for, and ends with the batch', async () => {
    const batchId = await service.api.generate({ count: 2 });
    const [plain, withPreviews] = await Promise.all([progressOf(batchId), progressOf(batchId, true)]);

    for (const position of [1, 2]) {
      const own = plain.filter((progress) => progress.position === position);
      const fractions = own.map(({ fraction }) => fraction);
      expect(fractions.length).toBeGreaterThan(1);
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      expect(fractions.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true);
      expect(own.every(({ stage, preview }) => stage === 'GENERATION' && preview === null)).toBe(true);
    }
    expect(withPreviews.filter(({ preview }) => preview?.startsWith('data:image/'))).not.toEqual([]);
    const { batch } = await service.api.ask('query ($id: ID!) { batch(id: $id) { status } }', { id: batchId });
    expect(batch.status).toBe('COMPLETED');
  });

  it('of a batch that has ended completes at once', async () => {
    const batchId = await service.api.generate({ count: 1 });
    await service.api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { id } }', { id: batchId });
    expect(await service.api.follow(PROGRESS, { batchId }).next()).toEqual({ value: undefined, done: true });
  });
});
