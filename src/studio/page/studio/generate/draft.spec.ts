import { type Draft, FIRST_DRAFT, inputOf, readDraft } from './draft';

describe('a draft', () => {
  it('is the first one where none was kept, or what was kept cannot be read', () => {
    expect(readDraft('')).toEqual(FIRST_DRAFT);
    expect(readDraft('{"count": 8}')).toEqual({ ...FIRST_DRAFT, count: 8 });
  });

  it('becomes an input without what is empty', () => {
    const input = inputOf(FIRST_DRAFT, 'ada', 'key');
    expect(input).toMatchObject({ username: 'ada', character: 'luna', count: 4, idempotencyKey: 'key', workflow: null, parameters: null });
  });

  it('sends numbers and yes or no as such among the parameters', () => {
    const parameters = { a: '0.5', b: 'true', c: 'v2', d: '' };
    const given: Draft = { ...FIRST_DRAFT, parameters };
    expect(inputOf(given, null, 'key').parameters).toEqual({ a: 0.5, b: true, c: 'v2' });
  });
});
