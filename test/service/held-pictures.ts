import { once } from 'node:events';
import { ImageGenerator } from '../../src/generation/image-generator.js';
import type { TestService } from './test-service.js';

/** From now on begins no picture after the first `free` ones, until the function that it returns is called: what is seen in the meantime stays so. */
export function holdPictures({ app }: TestService, free = 0): () => void {
  const generator = app.get(ImageGenerator, { strict: false });
  const generate = generator.generate.bind(generator);
  const released = new EventTarget();
  let begun = 0;
  const held = jest.spyOn(generator, 'generate').mockImplementation(async (request, signal, onProgress) => {
    if (++begun > free) await once(released, 'release', { signal });
    return generate(request, signal, onProgress);
  });
  return () => {
    held.mockRestore();
    released.dispatchEvent(new Event('release'));
  };
}
