import { buildClientSchema, getIntrospectionQuery, IntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { readFile } from 'node:fs/promises';
import { startTestService, TestService } from '../service/test-service.js';

describe('the schema', () => {
  const before = process.env.NODE_ENV;
  let service: TestService;

  beforeAll(async () => {
    // Where tools like to hide the schema.
    process.env.NODE_ENV = 'production';
    service = await startTestService();
  });

  afterAll(async () => {
    process.env.NODE_ENV = before;
    await service.close();
  });

  it('that the service tells everybody is the committed one', async () => {
    const answer = await service.api.ask<IntrospectionQuery>(getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true }));
    const [, committed] = (await readFile('schema.graphql', 'utf8')).split('change the code, not this file.\n\n');
    expect(`${printSchema(lexicographicSortSchema(buildClientSchema(answer)))}\n`).toBe(committed);
  });
});
