import { ConsoleLogger } from '@nestjs/common';
import { faultNames } from '../cloudinary/faults.js';
import { FakeCloudinary } from '../cloudinary/fake-cloudinary.js';
import { startTestService, TestService } from '../service/test-service.js';
import { StoredTwin } from './stored-twin.js';
import { untilCounts } from './until.js';

describe('pictures in Cloudinary', () => {
  let fake: FakeCloudinary;
  let service: TestService;
  let twin: StoredTwin;
  const logged: string[] = [];

  beforeAll(async () => {
    jest
      .spyOn(ConsoleLogger.prototype as unknown as { printMessages(words: unknown[]): void }, 'printMessages')
      .mockImplementation((words) => {
        logged.push(...words.map(String));
      });
    fake = await FakeCloudinary.start({ lateMs: 1_200, trickleMs: 20 });
    service = await startTestService({ CLOUDINARY_URL: fake.cloudinaryUrl, UPLOAD_TIMEOUT: '1s', LOG_LEVEL: 'verbose' });
    twin = new StoredTwin(service.database, fake);
  });

  afterAll(async () => {
    await service.close();
    await fake.close();
    jest.restoreAllMocks();
  });

  afterEach(() => {
    for (const name of faultNames) fake.faults[name].never();
  });

  it('are what the ledger says, under the names that it fixed, through every kind of fault', async () => {
    for (const name of faultNames) fake.faults[name].withProbability(0.01);

    const id = await service.api.generate({ count: 60 });

    expect(await service.api.ended(id)).toBe('COMPLETED');
    expect(await twin.faultsOf(id)).toEqual({
      notUploaded: 0,
      notInStorage: 0,
      otherBytes: 0,
      otherNames: 0,
      overwritten: 0,
      madeAgain: 0,
    });
    const [{ url }] = await service.database.query<{ url: string }>('SELECT url FROM image WHERE batch_id = $1 LIMIT 1', [id]);
    expect((await fetch(url)).headers.get('content-type')).toBe('image/png');
  });

  it('wait while Cloudinary is away, and are not made again', async () => {
    await fake.goAway();
    const id = await service.api.generate({ count: 12 });
    await untilCounts(service.api, id, { queued: 0, generating: 0 });
    await fake.comeBack();

    expect(await service.api.ended(id)).toBe('COMPLETED');
    expect(await twin.faultsOf(id)).toEqual({
      notUploaded: 0,
      notInStorage: 0,
      otherBytes: 0,
      otherNames: 0,
      overwritten: 0,
      madeAgain: 0,
    });
  });

  it('are never written about with the secret', () => {
    expect(logged.join('\n')).toContain('uploaded as filmroll/');
    expect(logged.join('\n')).not.toContain(fake.account.secret);
  });
});
