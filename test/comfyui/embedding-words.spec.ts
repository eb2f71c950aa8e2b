import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddingsFound } from './embedding-words.js';
import { ModelFolders } from './model-folders.js';
import { describeRecorded, recordingsFolder } from './recording.js';

const models = new ModelFolders({ embeddings: ['easynegative.safetensors', 'badhand_v4.bin', 'sub/style.pt', '123.pt'] });

describe('embeddingsFound', () => {
  it.each([
    ['a cat, embedding:easynegative, blurry', ['easynegative']],
    ['(embedding:easynegative:1.2)', ['easynegative']],
    ['((embedding:badhand_v4))\nembedding:style', ['badhand_v4', 'style']],
    ['a cat,embedding:easynegative [embedding:badhand_v4]', []],
    ['embedding:easynegative.', []],
    ['embedding:nobody', []],
    ['\\(embedding:easynegative\\)', []],
    ['(embedding:123)', []],
  ])('%s', (text, names) => expect(embeddingsFound(text, models)).toEqual(names));

  it('fails on a name that is missing', () =>
    expect(() => embeddingsFound('a cat, embedding:', models)).toThrow('list index out of range'));
});

describeRecorded('embeddingsFound, as recorded from the real parser', () => {
  // The recording's own loader did not try extensions.
  const rows = recordedRows().filter(({ text }) => !text.includes('.safetensors'));

  it.each(rows)('$text', ({ text, tokens, looked_up }) => {
    if (typeof tokens === 'string') expect(() => embeddingsFound(text, models)).toThrow('list index out of range');
    else expect(embeddingsFound(text, models)).toEqual(looked_up.filter(([, found]) => found).map(([name]) => name));
  });
});

interface Row {
  text: string;
  tokens: unknown;
  looked_up: [string, boolean][];
}

function recordedRows(): Row[] {
  return JSON.parse(readFileSync(join(recordingsFolder!, '20-embedding-syntax.json'), 'utf8')).rows;
}
