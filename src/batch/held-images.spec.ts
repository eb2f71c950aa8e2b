import { HeldImages } from './held-images.js';

describe('HeldImages', () => {
  let held: HeldImages;
  let now: number;

  beforeEach(() => {
    held = new HeldImages();
    now = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => now);
  });

  afterEach(() => jest.restoreAllMocks());

  /** Holds an image until the returned function is called. */
  function hold(imageId: string): () => Promise<void> {
    const end = new AbortController();
    const ended = held.during(imageId, () => new Promise<void>((resolve) => end.signal.addEventListener('abort', () => resolve())));
    return () => {
      end.abort();
      return ended;
    };
  }

  it('has room for any number of images', () => {
    for (const id of ['a', 'b', 'c']) {
      expect(held.makeRoom('generation', id, false)).toBe(true);
      void hold(id);
    }
    expect(held.list()).toEqual(['a', 'b', 'c']);
  });

  it('lets nothing in beside an image that has to be alone, not even while it is being claimed', async () => {
    expect(held.makeRoom('generation', 'a', true)).toBe(true);
    expect(held.makeRoom('upload', 'b', false)).toBe(false);
    const end = hold('a');
    expect(held.makeRoom('upload', 'b', false)).toBe(false);
    expect(held.makeRoom('upload', 'b', true)).toBe(false);
    await end();
    expect(held.makeRoom('upload', 'b', true)).toBe(true);
  });

  it('lets nothing more in on either stage until an image that waits to be alone has come', async () => {
    const end = hold('a');
    expect(held.makeRoom('upload', 'b', true)).toBe(false);
    expect(held.makeRoom('generation', 'c', false)).toBe(false);
    await end();
    expect(held.makeRoom('generation', 'c', false)).toBe(false);
    expect(held.makeRoom('upload', 'b', true)).toBe(true);
  });

  it('forgets an image that waited to be alone and was taken elsewhere', () => {
    void hold('a');
    held.makeRoom('upload', 'b', true);
    expect(held.makeRoom('upload', 'c', false)).toBe(true);
    held.makeRoom('upload', 'b', true);
    now = 5_000;
    expect(held.makeRoom('generation', 'd', false)).toBe(true);
  });

  it('has room again when a claim came to nothing', () => {
    held.makeRoom('generation', 'a', true);
    held.giveUp('generation');
    expect(held.makeRoom('upload', 'b', false)).toBe(true);
  });
});
