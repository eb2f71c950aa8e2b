import { Logger } from '@nestjs/common';
import { inspect } from 'node:util';
import { readConfig } from '../../src/config/config.js';
import { AssetStorage, PublicIdTakenError, StorageBusyError, StorageRejectedError } from '../../src/upload/asset-storage.js';
import { CloudinaryStorage } from '../../src/upload/storages/cloudinary.storage.js';
import { FakeCloudinary } from '../cloudinary/fake-cloudinary.js';
import { faultNames } from '../cloudinary/faults.js';
import { assetStorageContract, hashesOf, StorageUnderTest } from './asset-storage.contract.js';
import { picture } from './local-disk.setting.js';

/** The storage behind a fake account; closing it closes both. */
async function storageAt(fake: FakeCloudinary, settings: Record<string, string> = {}): Promise<StorageUnderTest> {
  const config = readConfig({ CLOUDINARY_URL: fake.cloudinaryUrl, ...settings });
  const storage = await CloudinaryStorage.open(config, config.CLOUDINARY_URL!);
  const never = new AbortController().signal;
  const fetchBytes = async (publicId: string) => {
    const asset = await storage.stat(publicId, never);
    return asset && Buffer.from(await (await fetch(asset.url)).arrayBuffer());
  };
  const close = async () => {
    storage.onApplicationShutdown();
    await fake.close();
  };
  return { storage, fetchBytes, picture, close };
}

assetStorageContract('Cloudinary', async () =>
  storageAt(await FakeCloudinary.start({ adminLimit: { calls: 5_000, windowMs: 3_600_000 } })),
);

describe('Cloudinary in its bad moments', () => {
  const never = new AbortController().signal;
  let fake: FakeCloudinary;
  let storage: AssetStorage;
  let at: StorageUnderTest;
  const logged: string[] = [];

  beforeEach(async () => {
    const log = (...words: unknown[]) => void logged.push(inspect(words, { depth: 9 }));
    Logger.overrideLogger({ log, warn: log, error: log });
    fake = await FakeCloudinary.start({ lateMs: 2_500, trickleMs: 100, adminLimit: { calls: 2, windowMs: 3_600_000 } });
    at = await storageAt(fake, { UPLOAD_TIMEOUT: '2s', UPLOAD_CONCURRENCY: '1' });
    storage = at.storage;
  });

  afterEach(() => at.close());

  const create = async (publicId: string, bytes: Buffer, signal = never) => storage.create(publicId, bytes, hashesOf(bytes), signal);

  /** What a person would see of an error, wherever it is printed. */
  const shown = (error: unknown) => inspect(error, { depth: 9, showHidden: true });

  it('names its place without a secret', () => {
    expect(storage.place).toBe(`${fake.url}/${fake.account.cloud}`);
  });

  it.each(faultNames)('takes %s for passing, tells no secret, and the next attempt stores the picture once', async (fault) => {
    const bytes = await picture(1);
    fake.faults[fault].next(1);

    const first: unknown = await create('filmroll/a/000001', bytes).catch((error: unknown) => error);
    expect(first).not.toBeInstanceOf(StorageRejectedError);
    expect(first).not.toBeInstanceOf(PublicIdTakenError);
    expect(shown(first)).not.toContain(fake.account.secret);
    // An idle connection that is just being closed may fail one more.
    const again = await create('filmroll/a/000001', bytes).catch(() => create('filmroll/a/000001', bytes));

    expect(again).toMatchObject({ publicId: 'filmroll/a/000001', md5: hashesOf(bytes).md5, bytes: bytes.length });
    expect([...fake.assets.keys()]).toEqual(['filmroll/a/000001']);
    expect(await at.fetchBytes('filmroll/a/000001')).toEqual(bytes);
    expect([fake.overwrites, fake.rewrites]).toEqual([0, 0]);
  });

  it('is not kept waiting by connections whose answers nobody read', async () => {
    fake.faults.badGateways.next(3);
    for (let k = 0; k < 3; k++) await expect(create('a', await picture(1))).rejects.toThrow('answered 502');

    expect(await create('a', await picture(1))).toMatchObject({ publicId: 'a' });
  });

  it('halves its pace when asked to slow down', async () => {
    const wide = await storageAt(fake, { UPLOAD_CONCURRENCY: '8' });
    fake.faults.tooManyRequests.next(1);
    const many = await Promise.all(Array.from({ length: 30 }, (_, k) => picture(k)));

    const results = await Promise.allSettled(many.map((bytes, k) => wide.storage.create(`n/${k}`, bytes, hashesOf(bytes), never)));

    expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: expect.any(StorageBusyError) }]);
    expect(fake.assets.size).toBe(29);
    expect(logged.join()).toContain('Asked to slow down: 4 requests at a time');
    (wide.storage as CloudinaryStorage).onApplicationShutdown();
  });

  it('ends the request of a call that was aborted', async () => {
    fake.faults.hang.next(1);
    const abort = new AbortController();
    fake.log.once('request', () => abort.abort(new Error('enough')));

    await expect(create('a', await picture(1), abort.signal)).rejects.toThrow('enough');
    expect(await create('a', await picture(1))).toMatchObject({ publicId: 'a' });
  });

  it('refuses a picture that is larger than the account takes, and sends nothing', async () => {
    const large = Buffer.concat([await picture(1), Buffer.alloc(10_485_761)]);

    await expect(create('a', large)).rejects.toThrow('The picture has 10.0 MiB, and Cloudinary takes 10 (CLOUDINARY_MAX_MIB).');
    expect(fake.requests).toEqual([]);
  });

  it('says until when the Admin API will not be asked', async () => {
    await storage.list('a', null, never);
    await storage.list('a', null, never);

    await expect(storage.list('a', null, never)).rejects.toMatchObject({ name: 'StorageBusyError', retryAt: expect.any(Date) });
  });

  it('does not take an answer that is no list for an empty one', async () => {
    await create('filmroll/a', await picture(1));
    fake.faults.emptyObject.on('/resources').next(1);

    await expect(storage.list('filmroll/', null, never)).rejects.toThrow('Cloudinary’s answer is no list of assets.');
    expect((await storage.list('filmroll/', null, never)).assets).toMatchObject([{ publicId: 'filmroll/a' }]);
  });

  describe('whose lists tell no hashes', () => {
    const names = ['filmroll/My Photo (1)', 'filmroll/a', 'filmroll/b'];

    beforeEach(async () => {
      fake.settings.listEtags = 'never';
      for (const [k, name] of names.entries()) await fake.put(name, await picture(k));
    });

    it('is asked for each asset, whatever others have named it', async () => {
      const { assets } = await storage.list('filmroll/', null, never);

      expect(assets.map(({ publicId, md5 }) => [publicId, md5])).toEqual(names.map((name) => [name, fake.assets.get(name)!.etag]));
    });

    it('is asked for no more of a page that failed', async () => {
      fake.faults.badGateways.on('POST /image/explicit').next(1);

      await expect(storage.list('filmroll/', null, never)).rejects.toThrow('answered 502');
      await create('filmroll/c', await picture(9));

      expect(fake.requests.filter(({ path }) => path.endsWith('/explicit'))).toHaveLength(1);
    });
  });

  it.each<[string, Record<string, string>, string]>([
    ['secret', { secret: 'wrong' }, 'the API secret is wrong'],
    ['key', { key: '1' }, 'it does not know the API key'],
    ['cloud', { cloud: 'nowhere' }, 'it does not know the cloud'],
  ])('ends the start with a clear line when the %s is wrong', async (_, wrong, words) => {
    const { cloud, key, secret } = { ...fake.account, ...wrong };
    const config = readConfig({ CLOUDINARY_URL: `cloudinary://${key}:${secret}@${cloud}?upload_prefix=${fake.url}` });
    const refused = await CloudinaryStorage.open(config, config.CLOUDINARY_URL!);

    await expect(refused.onModuleInit()).rejects.toThrow(`Cloudinary refuses CLOUDINARY_URL: ${words}.`);
    refused.onApplicationShutdown();
  });

  it('starts while Cloudinary is away', async () => {
    await fake.goAway();

    await (storage as CloudinaryStorage).onModuleInit();

    expect(logged.join()).toContain('Pictures wait until Cloudinary can be reached.');
    await fake.comeBack();
  });

  it('fails for good when the account changes what it is sent', async () => {
    fake.settings.defaultPreset = true;

    const refused = create('a', await picture(1));

    await expect(refused).rejects.toThrow(StorageRejectedError);
    await expect(refused).rejects.toThrow('Does an upload preset of the account change pictures?');
  });

  it('has told the log no secret in all that', () => {
    expect(logged).not.toEqual([]);
    expect(logged.join()).not.toContain(fake.account.secret);
  });
});
