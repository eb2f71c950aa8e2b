import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startTestService, TestService } from '../service/test-service.js';

const GOING_AWAY = 1001;

describe('who follows a batch at a service that is stopped', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({ ROLE: 'api' });
  });

  afterAll(() => service.close());

  it('is sent away with a code on which a graphql-ws client comes back by itself, here to another process, until the batch ends', async () => {
    const batchId = await service.api.generate({ count: 2 });
    const seen: number[] = [];
    const codes: number[] = [];
    let { url } = service;
    const client = createClient({
      url: () => `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      on: { closed: (event) => codes.push((event as { code: number }).code) },
    });
    const query = 'subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { number } }';
    const ended = (async () => {
      for await (const { data } of client.iterate<any>({ query, variables: { batchId } })) {
        seen.push(data.imageStatusChanged.number);
        if (seen.length === 2) {
          ({ url } = await service.another({ ROLE: 'all' }));
          await service.stop();
        }
      }
    })();
    await ended;
    await client.dispose();

    expect(codes[0]).toBe(GOING_AWAY);
    expect(seen.slice(0, 2)).toEqual([1, 2]);
    // The same subscription again: a client that asks behind its last number would get the rest.
    expect(seen.slice(2)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});
