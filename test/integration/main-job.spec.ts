import { createHash } from 'node:crypto';
import { startTestService, TestService } from '../service/test-service.js';

interface StoredImage {
  position: number;
  index: number;
  status: string;
  url: string;
  sha256: string;
}

describe('the main job', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  async function generateFour(): Promise<StoredImage[]> {
    const id = await service.api.generate({ count: 4 });
    expect(await service.api.ended(id)).toBe('COMPLETED');
    const query = 'query ($id: ID!) { batch(id: $id) { images { position index status url sha256 } } }';
    return (await service.api.ask(query, { id })).batch.images;
  }

  it('stores four different pictures under indices 1…4, then 5…8', async () => {
    const images = [...(await generateFour()), ...(await generateFour())];

    expect(images.map(({ index }) => index)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(images.map(({ position }) => position)).toEqual([1, 2, 3, 4, 1, 2, 3, 4]);
    expect(images.every(({ status }) => status === 'UPLOADED')).toBe(true);
    expect(new Set(images.map(({ sha256 }) => sha256)).size).toBe(8);
    for (const { url, sha256 } of images) expect(await sha256At(url)).toBe(sha256);
  });
});

async function sha256At(url: string): Promise<string> {
  const response = await fetch(url);
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
}
