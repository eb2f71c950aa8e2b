import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestService, TestService } from '../service/test-service.js';

const IMAGES = 'query ($id: ID!) { batch(id: $id) { images { index publicId sha256 duplicateOf { index publicId } } } }';

interface ImageData {
  index: number;
  publicId: string;
  sha256: string;
  duplicateOf: { index: number; publicId: string } | null;
}

describe('the same prompt and seed asked for again', () => {
  let service: TestService;
  let images: ImageData[];

  beforeAll(async () => {
    service = await startTestService();
    for (const seed of [7, 7, 8]) await service.api.ended(await service.api.generate({ count: 1, seed }));
    await service.api.ended(await service.api.generate({ count: 1, seed: 7, character: 'sol' }));
    const rows = await service.database.query<{ id: string }>('SELECT id FROM batch ORDER BY created_at');
    const answers = await Promise.all(rows.map(({ id }) => service.api.ask<{ batch: { images: ImageData[] } }>(IMAGES, { id })));
    images = answers.flatMap(({ batch }) => batch.images);
  });

  afterAll(() => service.close());

  it('gives a second file under a name of its own, with the same bytes', async () => {
    const [first, second] = images;
    expect(second.publicId).not.toBe(first.publicId);
    expect(second.sha256).toBe(first.sha256);
    const files = await Promise.all([first, second].map(({ publicId }) => readFile(join(service.dataDir, 'assets', `${publicId}.png`))));
    expect(files[0].equals(files[1])).toBe(true);
  });

  it('shows on the later one, and only within the series', () => {
    const [first, second, other, ofSol] = images;
    expect(second.duplicateOf).toEqual({ index: 1, publicId: first.publicId });
    expect([first.duplicateOf, other.duplicateOf, ofSol.duplicateOf]).toEqual([null, null, null]);
    expect(ofSol.sha256).toBe(first.sha256);
    expect(other.sha256).not.toBe(first.sha256);
  });
});
