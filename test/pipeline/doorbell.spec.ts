import { getQueueToken } from '@nestjs/bullmq';
import { Queue } from 'bullmq';
import { Doorbell } from '../../src/queue/doorbell.js';
import { ImageGenerator } from '../../src/generation/image-generator.js';
import { startTestService, TestService } from '../service/test-service.js';

describe('the doorbell', () => {
  let service: TestService;
  let queue: Queue;

  beforeEach(async () => {
    service = await startTestService({ DEMO_TIME: '50ms' });
    queue = service.app.get(getQueueToken('generation'), { strict: false });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await service.close();
  });

  async function attempts(): Promise<number[]> {
    const rows = await service.database.query<{ n: number }>('SELECT generation_attempts AS n FROM image ORDER BY position');
    return rows.map(({ n }) => n);
  }

  it('may lose every ring: the images end all the same', async () => {
    jest.spyOn(service.app.get(ImageGenerator, { strict: false }), 'backends').mockReturnValueOnce([]);
    const id = await service.api.generate({ count: 12 });
    await queue.drain(true);

    expect(await service.api.ended(id)).toBe('COMPLETED');
    expect(await attempts()).toEqual(Array(12).fill(1));
  });

  it('may ring twice for everything: each image is still worked on once', async () => {
    const doorbell = service.app.get(Doorbell, { strict: false });
    const ring = doorbell.ring.bind(doorbell);
    jest.spyOn(doorbell, 'ring').mockImplementation(async (name, images) => {
      await ring(name, images);
      await ring(
        name,
        images.map((image) => ({ ...image, attempt: image.attempt + 1_000 })),
      );
    });
    const id = await service.api.generate({ count: 12 });

    expect(await service.api.ended(id)).toBe('COMPLETED');
    expect(await attempts()).toEqual(Array(12).fill(1));
  });
});
