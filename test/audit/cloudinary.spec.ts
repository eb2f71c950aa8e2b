import { FakeCloudinary } from '../cloudinary/fake-cloudinary.js';
import { smallPicture } from '../cloudinary/small-picture.js';
import { StoredTwin } from '../pipeline/stored-twin.js';
import { startTestService, TestService } from '../service/test-service.js';
import { Ending, filmroll } from './filmroll-process.js';

interface Batch {
  status: string;
  images: { index: number; status: string; publicId: string; error: { code: string; message: string; retryable: boolean } | null }[];
}

describe('with Cloudinary,', () => {
  let fake: FakeCloudinary;
  let service: TestService;

  beforeEach(async () => {
    fake = await FakeCloudinary.start();
  });

  afterEach(async () => {
    await service.close();
    await fake.close();
  });

  async function start(): Promise<void> {
    service = await startTestService({ CLOUDINARY_URL: fake.cloudinaryUrl });
  }

  /** Asks for a batch and waits for its end. */
  async function made(count: number): Promise<Batch> {
    const id = await service.api.generate({ count });
    await service.api.ended(id);
    const { batch } = await service.api.ask(
      'query ($id: ID!) { batch(id: $id) { status images { index status publicId error { code message retryable } } } }',
      { id },
    );
    return batch;
  }

  async function command(...words: string[]): Promise<Ending> {
    const ending = await filmroll(words, { DATABASE_URL: service.database.url, CLOUDINARY_URL: fake.cloudinaryUrl });
    expect(ending.stdout + ending.stderr).not.toContain(fake.account.secret);
    return ending;
  }

  it('a database that was lost overwrites nothing, says what to do, and goes on behind what storage holds', async () => {
    await start();
    expect((await made(40)).status).toBe('COMPLETED');
    const before = new Map([...fake.assets].map(([publicId, { etag }]) => [publicId, etag]));
    await service.close();
    await start();

    const refused = await made(4);
    expect(refused.images.map(({ status, error }) => [status, error?.code, error?.retryable])).toEqual(
      Array.from({ length: 4 }, () => ['FAILED', 'PUBLIC_ID_TAKEN', false]),
    );
    const [, words] = /`filmroll (adopt .*?)`/.exec(refused.images[0].error!.message) ?? [];
    expect((await command(...words.split(' '), '--apply')).code).toBe(0);
    const next = await made(4);

    expect(next).toMatchObject({ status: 'COMPLETED', images: [41, 42, 43, 44].map((index) => ({ index, status: 'UPLOADED' })) });
    expect(fake.overwrites).toBe(0);
    for (const [publicId, etag] of before) expect(fake.assets.get(publicId)?.etag).toBe(etag);
  });

  it('the audit finds what was deleted, replaced and put there by somebody, and a name that was taken', async () => {
    await start();
    const { images } = await made(4);
    const [gone, replaced] = images.map(({ publicId }) => publicId);
    const taken = images[3].publicId.replace('000004', '000005');
    fake.delete(gone);
    await fake.replace(replaced, await smallPicture(901));
    await fake.put('filmroll/by-hand/1', await smallPicture(902));
    await fake.put(taken, await smallPicture(903));
    const foreign = fake.assets.get(taken)!.etag;
    expect((await made(1)).images).toMatchObject([{ publicId: taken, status: 'FAILED', error: { code: 'PUBLIC_ID_TAKEN' } }]);

    const { code, stdout } = await command('audit', '--json');

    const { findings } = JSON.parse(stdout) as { findings: { kind: string; publicId: string }[] };
    expect(code).toBe(1);
    expect(findings.map(({ kind, publicId }) => `${kind} ${publicId}`).toSorted()).toEqual(
      [`different ${replaced}`, `taken ${taken}`, `missing ${gone}`, 'unknown filmroll/by-hand/1'].toSorted(),
    );
    expect([fake.assets.get(taken)!.etag, fake.overwrites]).toEqual([foreign, 0]);
  });

  it('the audit tells of names that it cannot ask for once more, duplicates among them', async () => {
    await start();
    for (const name of ['filmroll/My Photo', 'filmroll/by-hand/1']) await fake.put(name, await smallPicture(905));

    const [{ code, stdout }, people] = [await command('audit', '--json'), await command('audit')];

    const { findings, unconfirmed } = JSON.parse(stdout);
    expect({ code, unconfirmed }).toEqual({ code: 1, unconfirmed: 2 });
    expect(findings).toMatchObject([
      { kind: 'unknown', publicId: 'filmroll/My Photo', confirmed: false },
      { kind: 'unknown', publicId: 'filmroll/by-hand/1', confirmed: true },
      { kind: 'duplicate', publicIds: ['filmroll/My Photo', 'filmroll/by-hand/1'], confirmed: false },
    ]);
    expect(people.stdout).toContain(
      'Not looked at once more: 2. That is done for 200 of a kind at most, and not for names that no picture',
    );
  });

  it('a command with wrong credentials ends with 2, and says so in one line', async () => {
    await start();
    const wrong = fake.cloudinaryUrl.replace(fake.account.secret, 'wrong');

    const ending = await filmroll(['audit'], { DATABASE_URL: service.database.url, CLOUDINARY_URL: wrong });

    const stderr = 'This could not be done: Cloudinary refuses CLOUDINARY_URL: the API secret is wrong.\n';
    expect(ending).toEqual({ code: 2, stdout: '', stderr });
  });

  it('the picture of a taken name is stored as it was drawn once the other has gone', async () => {
    await start();
    const { images } = await made(1);
    const taken = images[0].publicId.replace('000001', '000002');
    await fake.put(taken, await smallPicture(904));
    const id = await service.api.generate({ count: 1 });
    expect(await service.api.ended(id)).toBe('FAILED');
    fake.delete(taken);

    await service.api.ask('mutation ($id: ID!) { retryBatch(id: $id) { id } }', { id });

    expect(await service.api.ended(id)).toBe('COMPLETED');
    const faults = { notUploaded: 0, notInStorage: 0, otherBytes: 0, otherNames: 0, overwritten: 0, madeAgain: 0 };
    expect(await new StoredTwin(service.database, fake).faultsOf(id)).toEqual(faults);
  });

  it('an account with 120 names of a series makes the next index 121', async () => {
    await start();
    const { images } = await made(1);
    for (let k = 2; k <= 120; k++) await fake.put(images[0].publicId.replace('000001', String(k).padStart(6, '0')), await smallPicture(k));

    const { code, stdout } = await command('adopt', '--username', 'ada', '--character', 'luna', '--apply');

    expect([code, stdout]).toEqual([0, expect.stringContaining('121')]);
    expect(await made(1)).toMatchObject({ status: 'COMPLETED', images: [{ index: 121 }] });
  });
});
