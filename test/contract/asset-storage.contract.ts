import { createHash, randomUUID } from 'node:crypto';
import { AssetStorage, Hashes, PublicIdTakenError, StorageRejectedError, StoredAsset } from '../../src/upload/asset-storage.js';

export interface StorageUnderTest {
  storage: AssetStorage;
  /** What clients would get at the asset's address; null when nothing is stored. */
  fetchBytes(publicId: string): Promise<Buffer | null>;
  /** A small picture, another for each seed. */
  picture(seed: number): Promise<Buffer>;
  close(): Promise<void>;
}

const hostileIds = [
  ['empty', ''],
  ['blank', ' '],
  ['upper case', 'contract/Ana'],
  ['blank within', 'contract/a b'],
  ['trailing blank', 'contract/a '],
  ['trailing line feed', 'contract/a\n'],
  ['a dot', 'contract/a.b'],
  ['an extension', 'contract/a.png'],
  ['a hidden name', '.incoming/a'],
  ['here', '.'],
  ['here within', 'contract/./a'],
  ['up', '..'],
  ['up and out', '../contract'],
  ['up within', 'contract/../a'],
  ['up at the end', 'contract/..'],
  ['far up', '../../../../../../etc/passwd'],
  ['absolute', '/contract/a'],
  ['double slash in front', '//contract/a'],
  ['trailing slash', 'contract/a/'],
  ['empty segment', 'contract//a'],
  ['only a slash', '/'],
  ['backslash', 'contract\\a'],
  ['up by backslash', '..\\a'],
  ['drive', 'c:/a'],
  ['stream of a file', 'contract/a:b'],
  ['NUL', 'contract/a\0'],
  ['NUL and extension', 'contract/a\0.png'],
  ['tabulator', 'contract/\ta'],
  ['percent-encoded', 'contract/%2e%2e/a'],
  ['percent-encoded slash', 'contract%2fa'],
  ['question mark', 'contract/a?b'],
  ['hash', 'contract/a#b'],
  ['ampersand', 'contract/a&overwrite=1'],
  ['plus', 'contract/a+b'],
  ['angle brackets', 'contract/<a>'],
  ['tilde', '~/a'],
  ['dollar', 'contract/$a'],
  ['quote', "contract/a'b"],
  ['star', 'contract/*'],
  ['umlaut', 'contract/ä'],
  ['umlaut in two code points', 'contract/a\u0308'],
  ['other script', 'contract/露娜'],
  ['emoji', 'contract/🙂'],
  ['half a surrogate pair', 'contract/\ud83d'],
  ['turned writing direction', 'contract/\u202ea'],
  ['no-break space', 'contract/a\u00a0b'],
  ['look-alike of a', 'contract/\u0430'],
  ['full-width dots', 'contract/\uff0e\uff0e/a'],
  ['256 characters', `contract/${'ab/'.repeat(82)}x`],
  ['ten thousand characters', 'a/'.repeat(5_000) + 'a'],
];

/** What every storage behind the port must do. Each test uses names of its own, so it can run against a storage that holds other things. */
export function assetStorageContract(name: string, setup: () => Promise<StorageUnderTest>): void {
  describe(`${name}: the storage contract`, () => {
    let at: StorageUnderTest;
    const never = new AbortController().signal;
    const newId = () => `contract/${randomUUID()}`;
    const create = (publicId: string, bytes: Buffer, signal = new AbortController().signal) =>
      at.storage.create(publicId, bytes, hashesOf(bytes), signal);

    beforeAll(async () => {
      at = await setup();
    });
    afterAll(() => at.close());

    it('is told apart from another one of its kind', async () => {
      const other = await setup();
      expect(other.storage.place).not.toBe(at.storage.place);
      await other.close();
    });

    describe('create', () => {
      it('stores exactly the bytes, and tells what is there', async () => {
        const [publicId, bytes] = [newId(), await at.picture(1)];

        const asset = await create(publicId, bytes);

        expect(asset).toEqual({ publicId, url: expect.any(String), format: 'png', bytes: bytes.length, md5: hashesOf(bytes).md5 });
        expect(asset.url).toMatch(/^(https?:\/\/|\/)/);
        expect(asset.url).toContain(publicId);
        expect(await at.fetchBytes(publicId)).toEqual(bytes);
      });

      it('takes any id of the allowed characters, up to 255 of them', async () => {
        const bytes = await at.picture(2);
        const longest = `${newId()}/`.padEnd(255, '0123456789-_abcdefghijklmnopqrstuvwxyz/');
        for (const publicId of [longest, `${newId()}/-`, `${newId()}/_/--/0`, randomUUID()]) {
          expect(await create(publicId, bytes)).toMatchObject({ publicId });
          expect(await at.fetchBytes(publicId)).toEqual(bytes);
        }
      });

      it('finds the same bytes when it comes again, and changes nothing', async () => {
        const [publicId, bytes] = [newId(), await at.picture(3)];
        const first = await create(publicId, bytes);

        expect(await create(publicId, bytes)).toEqual(first);
        expect(await at.fetchBytes(publicId)).toEqual(bytes);
      });

      it('refuses other bytes under a name that is taken, and keeps the first', async () => {
        const [publicId, bytes] = [newId(), await at.picture(4)];
        const first = await create(publicId, bytes);

        const second = create(publicId, await at.picture(5));

        await expect(second).rejects.toThrow(PublicIdTakenError);
        await expect(second).rejects.toMatchObject({ publicId });
        expect(await at.fetchBytes(publicId)).toEqual(bytes);
        expect(await at.storage.stat(publicId, never)).toEqual(first);
      });

      it('keeps a name and one that goes on behind it apart', async () => {
        const [publicId, bytes, other] = [newId(), await at.picture(6), await at.picture(7)];

        await create(publicId, bytes);
        await create(`${publicId}/a`, other);
        await create(`${publicId}-a`, bytes);

        expect(await at.fetchBytes(publicId)).toEqual(bytes);
        expect(await at.fetchBytes(`${publicId}/a`)).toEqual(other);
        expect(await at.fetchBytes(`${publicId}-a`)).toEqual(bytes);
      });

      it('succeeds for all of fifty at once that bring the same bytes', async () => {
        const [publicId, bytes] = [newId(), await at.picture(8)];

        const assets = await Promise.all(Array.from({ length: 50 }, () => create(publicId, bytes)));

        for (const asset of assets) expect(asset).toEqual(assets[0]);
        expect(await at.fetchBytes(publicId)).toEqual(bytes);
      });

      it('lets exactly one of fifty at once win that bring different bytes, for ever', async () => {
        const publicId = newId();
        const pictures = await Promise.all(Array.from({ length: 50 }, (_, seed) => at.picture(100 + seed)));

        const results = await Promise.allSettled(pictures.map((bytes) => create(publicId, bytes)));

        const winner = results.findIndex(({ status }) => status === 'fulfilled');
        const lost = results.filter((_, k) => k !== winner);
        expect(winner).toBeGreaterThanOrEqual(0);
        for (const result of lost) expect(result).toMatchObject({ status: 'rejected', reason: expect.any(PublicIdTakenError) });
        for (const bytes of pictures.filter((_, k) => k !== winner)) {
          await expect(create(publicId, bytes)).rejects.toThrow(PublicIdTakenError);
        }
        expect(await create(publicId, pictures[winner])).toMatchObject({ md5: hashesOf(pictures[winner]).md5 });
        expect(await at.fetchBytes(publicId)).toEqual(pictures[winner]);
      });

      it('keeps fifty names at once apart', async () => {
        const pictures = await Promise.all(Array.from({ length: 50 }, (_, seed) => at.picture(200 + seed)));
        const ids = pictures.map(newId);

        await Promise.all(ids.map((publicId, k) => create(publicId, pictures[k])));

        for (const [k, publicId] of ids.entries()) expect(await at.fetchBytes(publicId)).toEqual(pictures[k]);
      });

      it.each([
        ['nothing', Buffer.alloc(0)],
        ['text', Buffer.from('This is no picture.')],
        [
          'a script in a drawing',
          Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'),
        ],
      ])('refuses what is no picture: %s', async (_, bytes) => {
        const publicId = newId();

        await expect(create(publicId, bytes)).rejects.toThrow(StorageRejectedError);
        expect(await at.storage.stat(publicId, never)).toBeNull();
      });
    });

    describe('hostile ids', () => {
      it.each(hostileIds)('refuses %s', async (_, publicId) => {
        await expect(create(publicId, await at.picture(9))).rejects.toThrow(StorageRejectedError);
        await expect(at.storage.stat(publicId, never)).rejects.toThrow(StorageRejectedError);
      });
    });

    describe('abort', () => {
      const reason = new Error('enough');

      it('rejects with the reason of a signal that was aborted before, and stores nothing', async () => {
        const [publicId, bytes, signal] = [newId(), await at.picture(10), AbortSignal.abort(reason)];

        await expect(create(publicId, bytes, signal)).rejects.toBe(reason);
        await expect(at.storage.stat(publicId, signal)).rejects.toBe(reason);
        await expect(at.storage.list(publicId, null, signal)).rejects.toBe(reason);
        expect(await at.storage.stat(publicId, never)).toBeNull();
      });

      it('rejects with the reason of a signal that is aborted meanwhile; what is there then is whole', async () => {
        const [publicId, bytes] = [newId(), await at.picture(11)];
        const abort = new AbortController();
        const creating = create(publicId, bytes, abort.signal);

        abort.abort(reason);

        await expect(creating).rejects.toBe(reason);
        expect([null, hashesOf(bytes).md5]).toContain((await at.storage.stat(publicId, never))?.md5 ?? null);
        expect(await create(publicId, bytes)).toMatchObject({ md5: hashesOf(bytes).md5 });
        expect(await at.fetchBytes(publicId)).toEqual(bytes);
      });
    });

    describe('stat', () => {
      it('tells what create told', async () => {
        const publicId = newId();
        const asset = await create(publicId, await at.picture(12));

        expect(await at.storage.stat(publicId, never)).toEqual(asset);
      });

      it('is null for what is not there', async () => {
        const publicId = newId();
        await create(`${publicId}/a`, await at.picture(13));

        expect(await at.storage.stat(newId(), never)).toBeNull();
        expect(await at.storage.stat(publicId, never)).toBeNull();
        expect(await at.storage.stat(`${publicId}/a/b`, never)).toBeNull();
      });
    });

    describe('list', () => {
      it('finds all that begin with the prefix, in order of public id', async () => {
        const base = newId();
        const bytes = await at.picture(14);
        const names = ['/b', '/a_b', '/a/b', '', '/a-b', '/ab', '/a0', '/a', '/a/b/c', '-1', '/a/-', '_'];
        const assets = await Promise.all(names.map((end) => create(base + end, bytes)));

        expect((await all(base)).assets).toEqual(sorted(assets));
        expect(idsOf((await all(`${base}/a`)).assets)).toEqual(
          ['/a', '/a-b', '/a/-', '/a/b', '/a/b/c', '/a0', '/a_b', '/ab'].map((end) => base + end),
        );
        expect(idsOf((await all(`${base}/a/b`)).assets)).toEqual([`${base}/a/b`, `${base}/a/b/c`]);
        expect(idsOf((await all(`${base}/a/`)).assets)).toEqual([`${base}/a/-`, `${base}/a/b`, `${base}/a/b/c`]);
      });

      it.each(['', '/x', '/../', '*', '\0', '%'])('has one empty page for a prefix that nothing begins with: …%j', async (end) => {
        expect(await at.storage.list(`${newId()}${end}`, null, never)).toEqual({ assets: [], cursor: null });
      });

      it('gives 520 assets in pages, each asset once, though others come meanwhile', async () => {
        const base = newId();
        const bytes = await at.picture(15);
        const ids = Array.from({ length: 520 }, (_, k) => `${base}/${k % 7}/${String(k).padStart(4, '0')}`);
        await inTurns(ids, (publicId) => create(publicId, bytes));

        const before = await all(base);
        const during = await all(base, async () => {
          await create(`${base}/0/-first`, bytes);
          await create(`${base}/9/last`, bytes);
        });

        expect(idsOf(before.assets)).toEqual(ids.toSorted());
        expect(before.pages).toBeGreaterThan(1);
        expect(idsOf(during.assets)).toEqual([...ids.toSorted(), `${base}/9/last`]);
        expect(idsOf((await all(base)).assets)).toEqual([`${base}/0/-first`, ...ids.toSorted(), `${base}/9/last`]);
      });

      async function all(prefix: string, afterFirstPage = async () => {}): Promise<{ assets: StoredAsset[]; pages: number }> {
        const first = await at.storage.list(prefix, null, never);
        await afterFirstPage();
        const assets = [...first.assets];
        let pages = 1;
        for (let { cursor } = first; cursor !== null; pages += 1) {
          const page = await at.storage.list(prefix, cursor, never);
          assets.push(...page.assets);
          cursor = page.cursor;
        }
        return { assets, pages };
      }
    });
  });
}

/** The hashes that `create` is given with `bytes`. */
export function hashesOf(bytes: Buffer): Hashes {
  const [sha256, md5] = ['sha256', 'md5'].map((algorithm) => createHash(algorithm).update(bytes).digest('hex'));
  return { sha256: sha256, md5: md5 };
}

function idsOf(assets: StoredAsset[]): string[] {
  return assets.map(({ publicId }) => publicId);
}

function sorted(assets: StoredAsset[]): StoredAsset[] {
  return assets.toSorted((a, b) => (a.publicId < b.publicId ? -1 : 1));
}

/** Sixteen at a time, as the upload stage does. */
async function inTurns<T>(items: T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
}
