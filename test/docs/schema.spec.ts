import { buildSchema, getOperationAST, GraphQLSchema, OperationTypeNode, parse, validate } from 'graphql';
import { readFileSync } from 'node:fs';
import { startTestService, TestService } from '../service/test-service.js';
import { blocksOf, codeOf, page, pages } from './markdown.js';

const PLACEHOLDER = '"…"';

const schema: GraphQLSchema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const examples = pages()
  .flatMap(blocksOf)
  .filter(({ language }) => language === 'graphql');

describe('docs/reference/schema.md', () => {
  it('names every query, mutation and subscription', () => {
    const named = codeOf(page('docs/reference/schema.md'));
    const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    for (const field of roots.flatMap((root) => Object.keys(root!.getFields()))) expect(named).toContain(field);
  });

  it('names no field that is not there', () => {
    const fields = codeOf(page('docs/reference/schema.md')).filter((code) => /^[A-Z]\w+\.\w+$/.test(code));
    for (const [type, field] of fields.map((code) => code.split('.'))) {
      const found = schema.getType(type);
      expect(found && 'getFields' in found ? Object.keys(found.getFields()) : []).toContain(field);
    }
    expect(fields).not.toEqual([]);
  });
});

describe('the operations of the docs', () => {
  let service: TestService;
  let batchId: string;

  beforeAll(async () => {
    service = await startTestService();
    batchId = await service.api.generate({ count: 2 });
    await service.api.ended(batchId);
  });

  afterAll(() => service.close());

  it.each(examples)('$file, line $line', async ({ text }) => {
    const document = parse(text);
    expect(validate(schema, document)).toEqual([]);
    const query = text.replaceAll(PLACEHOLDER, `"${batchId}"`);
    expect(query).not.toContain('…');
    const follows = getOperationAST(document)?.operation === OperationTypeNode.SUBSCRIPTION;
    // Both throw what the service refuses.
    if (!follows) expect(Object.values(await service.api.ask(query))).not.toContain(null);
    else for await (const data of service.api.follow(query)) expect(Object.values(data)).not.toContain(null);
  });
});
