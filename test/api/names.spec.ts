import { createHash } from 'node:crypto';
import { startTestService, TestService } from '../service/test-service.js';

/** Pairs of username and character that look alike, or like something that they are not. */
const PAIRS = [
  ['Ana', 'luna'],
  ['ana', 'luna'],
  ['luna', 'ana'],
  ['ana', 'Luna'],
  ['a/b', 'c'],
  ['a', 'b/c'],
  ['a b', 'c'],
  ['a-b', 'c'],
  ['a_b', 'c'],
  ['a', 'b-c'],
  ['a', 'b c'],
  ['ab', 'c'],
  ['a', 'bc'],
  ['Zo\u00e9', 'x'],
  ['Zoe\u0301', 'x'],
  ['Zoe', 'x'],
  ['露娜', 'x'],
  ['x', '露娜'],
  ['Лу\u0301на', 'x'],
  ['../../etc', 'passwd'],
  ['.', '..'],
  ['/', '//'],
  ['%2e%2e', '%00'],
  ['C:\\con', 'nul'],
  ["'; DROP TABLE image; --", '$1'],
  ['v1', 'v2'],
  ['😀', 'x'],
  ['😃', 'x'],
  ['👩‍👩‍👧', 'x'],
  ['🌙'.repeat(64), '🌙'.repeat(64)],
  ['🌙'.repeat(63), '🌙'.repeat(64)],
  ['x'.repeat(64), 'xx'],
  ['x'.repeat(63), 'xxx'],
  ['x'.repeat(64), 'x'.repeat(64)],
];

interface NamedImage {
  username: string;
  character: string;
  index: number;
  publicId: string;
  url: string;
  sha256: string;
}

describe('names that try to meet', () => {
  let service: TestService;
  let found: { lastIndex: number; images: NamedImage[] }[];

  beforeAll(async () => {
    service = await startTestService({ GENERATOR_SLOTS: '4' });
    const ids = await Promise.all(PAIRS.map(([username, character]) => service.api.generate({ username, character, count: 1 })));
    await Promise.all(ids.map((id) => service.api.ended(id)));
    found = await Promise.all(PAIRS.map(([username, character]) => ofSeries(username, character)));
  });

  afterAll(() => service.close());

  async function ofSeries(username: string, character: string) {
    const image = 'username character index publicId url sha256';
    const query = `query ($username: String!, $character: String!) {
      series(username: $username, character: $character) { lastIndex }
      images(username: $username, character: $character) { nodes { ${image} } }
    }`;
    const { series, images } = await service.api.ask(query, { username, character });
    return { lastIndex: series.lastIndex, images: images.nodes };
  }

  it('have a series each, which begins at 1 and holds nothing of another', () => {
    PAIRS.forEach(([username, character], k) => {
      expect(found[k].lastIndex).toBe(1);
      expect(found[k].images).toMatchObject([{ username, character, index: 1 }]);
    });
  });

  it('give distinct public ids that every storage takes', () => {
    const publicIds = found.flatMap(({ images }) => images.map(({ publicId }) => publicId));
    expect(new Set(publicIds).size).toBe(PAIRS.length);
    for (const publicId of publicIds) {
      expect(publicId).toMatch(/^filmroll(\/[a-z0-9_-]+)+$/);
      expect(publicId.length).toBeLessThanOrEqual(200);
    }
  });

  it('are all stored, each under its own address', async () => {
    for (const { url, sha256 } of found.flatMap(({ images }) => images)) {
      const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
  });
});
