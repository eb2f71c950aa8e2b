import fc from 'fast-check';
import { publicId } from './public-id.js';

const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 });

describe('publicId', () => {
  it('keeps names apart that try to meet', () => {
    const pairs = [
      ['Ana', 'luna'],
      ['ana', 'luna'],
      ['a/b', 'c'],
      ['a', 'b/c'],
      ['a b', 'c'],
      ['a-b', 'c'],
      ['a_b', 'c'],
      ['a', 'b-c'],
      ['a-b-c', '-'],
      ['é', 'x'],
      ['e\u0301', 'x'],
      ['露娜', 'x'],
      ['../../etc', 'passwd'],
      ['😀', 'x'],
      ['😃', 'x'],
      ['x', '😀'],
      ['v1', 'v2'],
      ['1', '2'],
      ['a'.repeat(64), 'b'],
      ['a'.repeat(63), 'ab'],
    ];
    const ids = pairs.map(([username, character]) => publicId('filmroll', username, character, 1));
    expect(new Set(ids).size).toBe(pairs.length);
  });

  it('is safe for storage, whatever the names are', () => {
    fc.assert(
      fc.property(name, name, fc.integer({ min: 1, max: 2 ** 31 - 1 }), (username, character, index) => {
        const id = publicId('p'.repeat(60), username, character, index);
        expect(id).toMatch(/^[a-z0-9_-]+(\/[a-z0-9_-]+)*$/);
        expect(id.length).toBeLessThanOrEqual(200);
        expect(id.split('/').some((segment) => /^v\d+$/.test(segment))).toBe(false);
      }),
    );
  });

  it('sorts like its index and can be read', () => {
    expect(publicId('filmroll', 'Ada', 'Luna Née', 7)).toMatch(/^filmroll\/ada-luna-nee-[0-9a-f]{24}\/000007$/);
    expect(publicId('f', 'a', 'b', 9) < publicId('f', 'a', 'b', 10)).toBe(true);
  });

  it('differs for every index of every pair', () => {
    fc.assert(
      fc.property(name, name, name, name, (a, b, c, d) => {
        fc.pre(a !== c || b !== d);
        expect(publicId('f', a, b, 1)).not.toBe(publicId('f', c, d, 1));
      }),
    );
  });
});
