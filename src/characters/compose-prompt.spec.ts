import fc from 'fast-check';
import { composePrompt, isEmbeddingName } from './compose-prompt.js';
import { embeddingWords, unseenEmbeddingWords } from './embedding-words.js';

const name = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}(\/[A-Za-z0-9_.-]{1,20})?$/).filter(isEmbeddingName);
const text = fc
  .array(fc.oneof(fc.constantFrom('embedding:', '(', ')', '\\(', '\\)', ':1.2)', ' ', '\n', '\t', ',', 'a cat'), fc.string()))
  .map((parts) => parts.join(''));

describe('composePrompt', () => {
  it.each([
    ['luna_v3', 'masterpiece', 'at the lighthouse', 'embedding:luna_v3 masterpiece, at the lighthouse'],
    ['luna_v3', null, 'at the lighthouse', 'embedding:luna_v3 at the lighthouse'],
    [null, 'masterpiece', 'at the lighthouse', 'masterpiece, at the lighthouse'],
    [null, ' masterpiece, ', 'at the lighthouse', 'masterpiece, at the lighthouse'],
    [null, ' ', ' at the lighthouse ', ' at the lighthouse '],
    ['luna_v3', null, 'a cat, (embedding:luna_v3:0.8)', 'a cat, (embedding:luna_v3:0.8)'],
    ['luna_v3', 'embedding:luna_v3', 'a cat', 'embedding:luna_v3, a cat'],
    ['luna_v3', null, 'a cat,embedding:luna_v3', 'embedding:luna_v3 a cat,embedding:luna_v3'],
    ['luna', null, 'embedding:luna_v3', 'embedding:luna embedding:luna_v3'],
  ])('puts %j, %j and %j together', (embedding, promptPrefix, prompt, expected) => {
    expect(composePrompt({ embedding, promptPrefix, prompt })).toBe(expected);
  });

  it('lets ComfyUI see the embedding, whatever prefix and prompt are', () => {
    fc.assert(
      fc.property(name, fc.option(text), text, (embedding, promptPrefix, prompt) => {
        expect(embeddingWords(composePrompt({ embedding, promptPrefix, prompt }))).toContain(embedding);
      }),
      { numRuns: 2_000 },
    );
  });

  it('keeps the prompt as it is, and every word in it seen or unseen as it was', () => {
    fc.assert(
      fc.property(name, text, (embedding, prompt) => {
        const composed = composePrompt({ embedding, promptPrefix: null, prompt });
        expect(composed.endsWith(prompt)).toBe(true);
        expect(unseenEmbeddingWords(composed)).toEqual(unseenEmbeddingWords(prompt));
      }),
      { numRuns: 2_000 },
    );
  });

  it('names the embedding once however often it is composed', () => {
    fc.assert(
      fc.property(name, text, (embedding, prompt) => {
        const once = composePrompt({ embedding, promptPrefix: null, prompt });
        expect(composePrompt({ embedding, promptPrefix: null, prompt: once })).toBe(once);
      }),
    );
  });
});

describe('isEmbeddingName', () => {
  it.each(['luna', 'luna_v3', 'sub/luna-v3.1', '露娜', '123', 'a'.repeat(200)])('takes %j', (good) => {
    expect(isEmbeddingName(good)).toBe(true);
    expect(embeddingWords(`embedding:${good} a cat`)).toEqual([good]);
  });

  it.each([
    '',
    ' ',
    'a b',
    'a\tb',
    'a\u00a0b',
    'a\u001fb',
    'a\u0085b',
    'a,',
    ',a',
    'a,b',
    'a:1.2',
    '(a)',
    'a)',
    '[a]',
    'a[0.5]',
    '<a>',
    '{a}',
    '"a"',
    "'a'",
    'a\\b',
    '\\(',
    '/a',
    'a/',
    'a//b',
    '..',
    '../a',
    'a/../b',
    '.',
    './a',
    'a\0b',
    'embedding:a',
    '\ud800',
    'a'.repeat(201),
  ])('refuses %j', (bad) => {
    expect(isEmbeddingName(bad)).toBe(false);
  });
});
