import { Logger } from '@nestjs/common';
import { BatchService } from '../../src/batch/batch.service.js';
import { Loaders } from '../../src/batch/loaders.js';
import { RefusedError } from '../service/api-client.js';
import { startTestService, TestService } from '../service/test-service.js';

const UNKNOWN_ID = '0192f4a0-0000-7000-8000-000000000000';
const QUERY = `{ batch(id: "${UNKNOWN_ID}") { id } }`;
const MUTATION = `mutation { cancelBatch(id: "${UNKNOWN_ID}") { id } }`;
const FIELD = '{ batches { nodes { images { id } } } }';
const SUBSCRIPTION = `subscription { imageStatusChanged(batchId: "${UNKNOWN_ID}") { number } }`;

const INTERNAL = { message: 'Something went wrong here. It has been logged.', code: 'INTERNAL_SERVER_ERROR' };
const AWAY = { message: 'A needed part of the service is away just now. Try again in a moment.', code: 'SERVICE_UNAVAILABLE' };

describe('an error that nobody has foreseen', () => {
  let service: TestService;
  let logged: jest.SpyInstance;

  beforeAll(async () => {
    service = await startTestService({ DEMO_TIME: '1h', SHUTDOWN_TIMEOUT: '0ms' });
    await service.api.generate({ count: 1 });
  });

  afterAll(() => service.close());

  beforeEach(() => (logged = jest.spyOn(Logger.prototype, 'error').mockImplementation()));
  afterEach(() => jest.restoreAllMocks());

  /** Whatever is asked for breaks with `error`, whether a whole operation or one field. */
  function breakWith(error: Error): void {
    jest.spyOn(service.app.get(BatchService, { strict: false }), 'find').mockRejectedValue(error);
    jest.spyOn(service.app.get(Loaders, { strict: false }).imagesOfBatch, 'load').mockRejectedValue(error);
  }

  /** What a client is told, over HTTP or, for a subscription, over a websocket. */
  async function told(operation: string): Promise<{ status?: number; errors: object[] }> {
    const refusal = operation.startsWith('subscription')
      ? await service.api
          .follow(operation)
          .next()
          .catch((error: RefusedError) => error)
      : await service.api.send(operation);
    const { status, errors } = refusal as { status?: number; errors: RefusedError['errors'] };
    return { status, errors: errors.map(({ message, extensions: { code, ...more } }) => ({ message, code, ...more })) };
  }

  it.each([
    ['a query', QUERY, 200],
    ['a mutation', MUTATION, 200],
    ['a field', FIELD, 200],
    ['a subscription', SUBSCRIPTION, undefined],
  ])('of %s is logged once with its insides, of which the client sees nothing', async (_what, operation, status) => {
    const error = new Error('secret insides');
    breakWith(error);
    expect(await told(operation)).toEqual({ status, errors: [INTERNAL] });
    expect(logged.mock.calls).toEqual([['secret insides', error.stack]]);
  });

  it.each([
    ['a query', QUERY, 503],
    ['a mutation', MUTATION, 503],
    ['a field', FIELD, 503],
    ['a subscription', SUBSCRIPTION, undefined],
  ])('of %s is none when the database is away: the client may come again', async (_what, operation, status) => {
    breakWith(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    expect(await told(operation)).toEqual({ status, errors: [AWAY] });
    expect(logged).not.toHaveBeenCalled();
  });
});
