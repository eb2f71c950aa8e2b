import { parsePythonJson, toPythonJson } from './python-json.js';

describe('JSON as Python has it', () => {
  it.each([
    [{ prompt_id: 'x', number: 0, node_errors: {} }, '{"prompt_id": "x", "number": 0, "node_errors": {}}'],
    [[1, null, true, 'é"\n😀'], '[1, null, true, "\\u00e9\\"\\n\\ud83d\\ude00"]'],
    [[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], '[NaN, Infinity, -Infinity]'],
    [18446744073709551615n, '18446744073709551615'],
  ])('writes %p', (value, text) => expect(toPythonJson(value)).toBe(text));

  it('keeps every digit of a number beyond 2^53, and leaves texts alone', () => {
    const text =
      '{"seed": 18446744073709551615, "digits": "18446744073709551615", "small": -12345678901234567, "float": 0.1234567890123456}';
    expect(parsePythonJson(text)).toEqual({
      seed: 18446744073709551615n,
      digits: '18446744073709551615',
      small: -12345678901234567n,
      float: 0.1234567890123456,
    });
  });

  it('refuses what is no JSON', () => expect(() => parsePythonJson('{oops')).toThrow(SyntaxError));
});
