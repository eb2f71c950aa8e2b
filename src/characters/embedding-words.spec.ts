import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { embeddingWords, hasEmbedding, unseenEmbeddingWords } from './embedding-words.js';

describe('embeddingWords', () => {
  // Each row was read off ComfyUI's tokenizer rules: text, names looked up, words that it does not see.
  it.each<[string, string[], string[]]>([
    ['a cat at the lighthouse', [], []],
    ['embedding:luna', ['luna'], []],
    ['a cat, embedding:luna, blurry', ['luna'], []],
    ['x\nembedding:luna\nembedding:mara', ['luna', 'mara'], []],
    ['(embedding:luna)', ['luna'], []],
    ['(embedding:luna:1.2)', ['luna'], []],
    ['(embedding:luna:-.5e1)', ['luna'], []],
    ['(embedding:luna:strong)', ['luna:strong'], []],
    ['((embedding:luna:0.8), (a (embedding:mara)):1.3)', ['luna', 'mara'], []],
    ['cat(embedding:luna)dog', ['luna'], []],
    ['(embedding:luna) embedding:mara (embedding:iris)', ['luna', 'mara', 'iris'], []],
    ['(cat)embedding:luna', ['luna'], []],
    ['(a embedding:luna b:1.3)', ['luna'], []],
    ['embedding:sub/luna_v3.safetensors x', ['sub/luna_v3.safetensors'], []],
    ['embedding:LUNA', ['LUNA'], []],
    ['embedding:luna.', ['luna.'], []],
    ['embedding:,luna,, x', ['luna'], []],
    ['embedding:luna one', ['luna'], []],
    ['x embedding: luna', ['luna'], []],
    ['embedding:', [''], []],
    ['embedding: embedding:luna', ['', 'luna'], []],
    ['embedding:luna,embedding:mara', ['luna,embedding:mara'], []],
    ['a cat,embedding:luna', [], ['cat,embedding:luna']],
    ['"embedding:luna"', [], ['"embedding:luna"']],
    ['[embedding:luna]', [], ['[embedding:luna]']],
    ['\\(embedding:luna\\)', [], ['(embedding:luna)']],
    ['(embedding:luna', [], ['(embedding:luna']],
    ['a) (embedding:luna)', [], ['(embedding:luna)']],
    ['embedding:luna\tembedding:mara', ['luna'], ['embedding:mara']],
    ['Embedding:luna', [], ['Embedding:luna']],
    ['(embedding:123)', [], ['embedding:123']],
    ['(a embedding:1_0)', [], ['embedding:1_0']],
    ['(embedding:inf) embedding:mara', ['mara'], ['embedding:inf']],
    ['embedding:123', ['123'], []],
  ])('%j', (text, names, unseen) => {
    expect({ names: embeddingWords(text), unseen: unseenEmbeddingWords(text) }).toEqual({ names, unseen });
  });

  it('leaves no embedding: without a trace, whatever stands around it', () => {
    const part = fc.oneof(
      fc.constantFrom('embedding:', 'embedding:luna', '(', ')', '\\(', '\\)', ' ', '\n', '\t', ',', ':1.2', ':', '1'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        const said = text.match(/embedding:/g)?.length ?? 0;
        const told = [...embeddingWords(text).map((name) => `embedding:${name}`), ...unseenEmbeddingWords(text)].join(' ');
        expect(told.match(/embedding:/g)?.length ?? 0).toBeGreaterThanOrEqual(said);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads 5,000 brackets', () => {
    const text = `${'('.repeat(5_000)}embedding:luna${')'.repeat(5_000)}`;
    expect(embeddingWords(text)).toEqual(['luna']);
  });

  it.each(['a', ',', '(', ')', '()', '1_', 'embedding'])('takes no time over a long row of %j', (part) => {
    const long = part.repeat(200_000);
    expect(embeddingWords(`embedding:luna ${long}x`)).toEqual(['luna']);
    expect(embeddingWords(`embedding:x${long}x`)).toHaveLength(1);
  });
});

// What a real ComfyUI looked up, where its recordings are at hand.
const recordings = '../shared/recordings/comfyui/20-embedding-syntax.json';
if (existsSync(recordings)) {
  const { rows } = JSON.parse(readFileSync(recordings, 'utf8')) as {
    rows: { text: string; tokens: unknown; looked_up: [string, boolean][] }[];
  };

  describe('embeddingWords and a real ComfyUI', () => {
    it.each(rows.map((row) => [row.text, row] as const))('agree on %j', (text, { tokens, looked_up }) => {
      const names = looked_up
        .map(([name]) => name)
        .filter((name, k) => looked_up[k + 1]?.[0] !== name.replace(/,+$/, '') || !name.endsWith(','));
      expect(embeddingWords(text)).toEqual(String(tokens).startsWith('IndexError') ? [''] : names);
      expect([...embeddingWords(text), ...unseenEmbeddingWords(text)]).not.toEqual([]);
    });
  });
}

describe('hasEmbedding', () => {
  const listed = ['luna', 'sub/mara', 'win\\iris', 'a/twin', 'b/twin', 'top', 'deep/top'];

  it.each(['luna', 'mara', 'sub/mara', 'iris', 'win/iris', 'a/twin'])('finds %s', (name) => {
    expect(hasEmbedding(listed, name)).toBe(true);
  });

  it.each(['', 'Luna', 'lun', 'una', 'luna.pt', 'luna,', 'ara', 'sub', 'twin', 'top'])('does not find %j', (name) => {
    expect(hasEmbedding(listed, name)).toBe(false);
  });

  it('takes two files of one name in one folder for one', () => {
    expect(hasEmbedding(['luna', 'luna'], 'luna')).toBe(true);
  });
});
