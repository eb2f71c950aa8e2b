import { fields, parseTolerantly, strings } from './tolerant-json.js';

describe('parseTolerantly', () => {
  it('reads what Python writes for numbers that JSON does not have', () => {
    expect(parseTolerantly('{"a": NaN, "b": [-Infinity, 1], "c": Infinity}')).toEqual({ a: null, b: [null, 1], c: null });
  });

  it('leaves the same words in strings alone', () => {
    expect(parseTolerantly('{"a": NaN, "NaN \\" Infinity": "x\\\\", "b": "NaN\\n"}')).toEqual({
      a: null,
      'NaN " Infinity': 'x\\',
      b: 'NaN\n',
    });
  });

  it('reads a long string beside a NaN', () => {
    const long = 'tensor '.repeat(200_000);
    expect(parseTolerantly(`{"a": NaN, "b": "${long}"}`)).toEqual({ a: null, b: long });
  });

  it('throws for what is no JSON at all', () => {
    expect(() => parseTolerantly('<html>NaN</html>')).toThrow(SyntaxError);
  });
});

test.each([null, undefined, 3, 'text'])('%p has no fields and no strings', (value) => {
  expect(fields(value)).toEqual({});
  expect(strings(value)).toEqual([]);
});
