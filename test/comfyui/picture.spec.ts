import sharp from 'sharp';
import { fingerprintOfPicture, fingerprintOfRecipe, paint, type Recipe } from './picture.js';
import { textChunksOf, withTextChunks } from './png-text.js';

const recipe: Recipe = {
  text: 'a cat',
  negative: 'blurry',
  seed: '7',
  width: 72,
  height: 40,
  checkpoint: 'usual.safetensors',
  embeddings: ['easynegative'],
  position: 0,
};

describe('paint', () => {
  it('gives a PNG of exactly the asked size, always the same', async () => {
    const bytes = await paint(recipe);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 72, height: 40 });
    expect((await paint({ ...recipe })).equals(bytes)).toBe(true);
  });

  it.each([
    { text: 'a dog' },
    { negative: '' },
    { seed: '8' },
    { width: 73 },
    { checkpoint: 'other.safetensors' },
    { embeddings: [] },
    { position: 1 },
  ])('differs with %p', async (other) => {
    const bytes = await paint({ ...recipe, ...other });
    expect(bytes.equals(await paint(recipe))).toBe(false);
    expect(await fingerprintOfPicture(bytes)).toBe(fingerprintOfRecipe({ ...recipe, ...other }));
  });

  it('is told apart by its pixels alone', async () => {
    const bytes = await paint(recipe);
    const stripped = await sharp(withTextChunks(bytes, { prompt: '{}' }))
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(stripped.equals(bytes)).toBe(false);
    expect(await fingerprintOfPicture(stripped)).toBe(fingerprintOfRecipe(recipe));
  });
});

test('text chunks stand in a file that decoders still take', async () => {
  const bytes = withTextChunks(await paint(recipe), { prompt: '{"a": "\\u00e9"}', workflow: '{}' });
  expect(textChunksOf(bytes)).toEqual({ prompt: '{"a": "\\u00e9"}', workflow: '{}' });
  expect((await sharp(bytes, { failOn: 'warning' }).stats()).channels).toHaveLength(3);
});
