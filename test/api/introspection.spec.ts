import { RefusedError } from '../service/api-client.js';
import { startTestService, type TestService } from '../service/test-service.js';

const SCHEMA = '{ schema: __schema { queryType { name } } }';

describe('a service that keeps its schema to itself', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService({ INTROSPECTION: 'false' });
  });

  afterAll(() => service.close());

  async function overSocket(query: string): Promise<unknown> {
    for await (const data of service.api.follow(query)) return data;
    return undefined;
  }

  it('does not tell it over HTTP', async () => {
    const { status, errors } = await service.api.send(SCHEMA);
    expect(status).toBe(400);
    expect(errors?.[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('does not tell it over a websocket either', async () => {
    const refusal = await overSocket(SCHEMA).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RefusedError);
    expect((refusal as RefusedError).errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('still refuses what the schema does not have, and answers what it has', async () => {
    await expect(overSocket('{ nothing }')).rejects.toThrow(RefusedError);
    await expect(overSocket('{ backends { name } }')).resolves.toHaveProperty('backends');
    expect((await service.api.send('{ __typename }')).data).toEqual({ __typename: 'Query' });
  });

  it('tells it where nobody has said otherwise', async () => {
    const open = await service.another({ INTROSPECTION: 'true' });
    expect((await open.api.ask(SCHEMA)).schema.queryType.name).toBe('Query');
  });
});
