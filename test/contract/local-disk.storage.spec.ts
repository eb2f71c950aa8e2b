import { Logger } from '@nestjs/common';
import { ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import fs from 'node:fs/promises';
import { join, relative } from 'node:path';
import sharp from 'sharp';
import { PublicIdTakenError, StorageRejectedError } from '../../src/upload/asset-storage.js';
import { LocalDiskStorage } from '../../src/upload/storages/local-disk.storage.js';
import { assetStorageContract, hashesOf } from './asset-storage.contract.js';
import { freshFolder, picture, refusal, serve } from './local-disk.setting.js';

// Every picture is synced to a disk that others may keep busy, and children take a while to start.

const never = new AbortController().signal;
const longAgo = new Date(Date.now() - 3_600_000);
const children: ChildProcess[] = [];

assetStorageContract('local disk', async () => {
  const at = await freshFolder();
  const server = await serve(at.config);
  const storage = new LocalDiskStorage(at.config);
  return {
    storage,
    picture,
    async fetchBytes(publicId) {
      const stored = await storage.stat(publicId, never);
      return stored && Buffer.from(await (await fetch(server.origin + stored.url)).arrayBuffer());
    },
    async close() {
      await server.close();
      await at.remove();
    },
  };
});

describe('local disk', () => {
  let at: Awaited<ReturnType<typeof freshFolder>>;
  let storage: LocalDiskStorage;
  const create = (publicId: string, bytes: Buffer) => storage.create(publicId, bytes, hashesOf(bytes), new AbortController().signal);
  const inAssets = (...names: string[]) => join(at.config.DATA_DIR, 'assets', ...names);

  beforeEach(async () => {
    at = await freshFolder();
    storage = new LocalDiskStorage(at.config);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await at.remove();
  });

  it('keeps a picture as one file that is named after its public id and format', async () => {
    const bytes = await picture(1);

    expect(await create('ana/000001', bytes)).toMatchObject({ url: '/assets/ana/000001.png' });

    expect(await fs.readFile(inAssets('ana/000001.png'))).toEqual(bytes);
    expect(await filesIn(inAssets())).toEqual(['ana/000001.png']);
  });

  it('makes nothing when it only looks', async () => {
    expect(await storage.stat('ana/000001', never)).toBeNull();
    expect(await storage.list('', null, never)).toEqual({ assets: [], cursor: null });
    await storage.onModuleInit();

    await expect(fs.readdir(at.config.DATA_DIR)).resolves.toEqual([]);
  });

  it.each(['png', 'jpeg', 'webp', 'gif', 'avif'] as const)('knows %s by its bytes', async (format) => {
    const bytes = await sharp(await picture(2))
      .toFormat(format)
      .toBuffer();
    const expected = format === 'jpeg' ? 'jpg' : format;

    expect(await create('ana/000001', bytes)).toMatchObject({ format: expected, url: `/assets/ana/000001.${expected}` });
    expect((await storage.list('ana', null, never)).assets).toMatchObject([{ publicId: 'ana/000001', format: expected }]);
  });

  it('refuses a public id that is taken in another format', async () => {
    const png = await picture(3);
    const first = await create('ana/000001', png);
    const jpg = await sharp(png).jpeg().toBuffer();

    await expect(create('ana/000001', jpg)).rejects.toThrow(PublicIdTakenError);

    expect(await filesIn(inAssets())).toEqual(['ana/000001.png']);
    expect(await storage.stat('ana/000001', never)).toEqual(first);
  });

  it('refuses bytes that were damaged since they were hashed, for now', async () => {
    const hashes = hashesOf(await picture(4));
    const damaged = storage.create('ana/000001', await picture(5), hashes, never);

    await expect(damaged).rejects.toThrow('not those that were hashed');
    await expect(damaged).rejects.not.toThrow(StorageRejectedError);
    expect(await storage.stat('ana/000001', never)).toBeNull();
  });

  it('tells what the file holds, not what was sent', async () => {
    const [bytes, other] = [await picture(6), await picture(7)];
    await create('ana/000001', bytes);
    await fs.writeFile(inAssets('ana/000001.png'), other);

    expect(await storage.stat('ana/000001', never)).toMatchObject({ md5: hashesOf(other).md5, bytes: other.length });
    await expect(create('ana/000001', bytes)).rejects.toThrow(PublicIdTakenError);
  });

  it('lists only pictures', async () => {
    await create('ana/000001', await picture(8));
    for (const name of ['Thumbs.db', '.DS_Store', 'ana/000002.txt', 'ana/000003', 'ana/000004.png.tmp', 'ana/Big.png', 'ana/.hidden.png']) {
      await fs.writeFile(inAssets(name), 'not ours');
    }
    await fs.symlink('000001.png', inAssets('ana/000002.png'));
    await fs.mkdir(inAssets('.hidden'));
    await fs.writeFile(inAssets('.hidden/000001.png'), 'not ours');

    expect((await storage.list('', null, never)).assets.map(({ publicId }) => publicId)).toEqual(['ana/000001']);
  });

  describe('processes that die', () => {
    it.each([
      ['the file is half written', 'writeFile', 'other', []],
      ['the file is written', 'rename', 'other', []],
      ['the name is claimed', 'link', 'first', []],
      ['the picture is there', 'rm', 'first', ['ana/000001.png']],
    ])('do no harm when %s', async (_, fatalCall, winner, visible) => {
      const [first, other] = [
        await picture(10),
        await sharp(await picture(11))
          .webp()
          .toBuffer(),
      ];
      const child = await startChild(at.config.DATA_DIR, fatalCall);
      const died = once(child, 'exit');
      child.send(orderOf('ana/000001', first));
      expect(await died).toEqual([null, 'SIGKILL']);

      expect(await filesIn(inAssets())).toEqual(visible);
      expect((await storage.list('', null, never)).assets).toHaveLength(visible.length);
      expect(await fs.readdir(inAssets('.incoming'))).not.toEqual([]);

      const outcome = await create('ana/000001', other).then(
        () => 'other',
        (error: Error) => (error instanceof PublicIdTakenError ? 'first' : error),
      );
      expect(outcome).toBe(winner);
      const held = winner === 'first' ? first : other;
      expect(await create('ana/000001', held)).toMatchObject({ md5: hashesOf(held).md5 });
      expect((await storage.list('', null, never)).assets).toMatchObject([{ publicId: 'ana/000001', md5: hashesOf(held).md5 }]);
    });

    it('sweeps what they left, once it is old', async () => {
      for (const name of ['old', 'older', 'young']) {
        await fs.mkdir(inAssets('.incoming', name), { recursive: true });
        await fs.writeFile(inAssets('.incoming', name, 'png'), 'half a pict');
      }
      for (const name of ['old', 'older']) await fs.utimes(inAssets('.incoming', name), longAgo, longAgo);

      await storage.onModuleInit();

      expect(await fs.readdir(inAssets('.incoming'))).toEqual(['young']);
    });
  });

  it('lets one of four racing processes win each name, whatever the format', async () => {
    const ids = Array.from({ length: 60 }, (_, k) => `race/${k}`);
    const formats = ['png', 'jpeg', 'webp', 'gif'] as const;
    const pictures = await Promise.all(
      formats.map(async (format, k) =>
        sharp(await picture(20 + k))
          .toFormat(format)
          .toBuffer(),
      ),
    );
    const racers = await Promise.all(pictures.map(() => startChild(at.config.DATA_DIR)));

    const outcomes = await race(racers, ids, pictures);

    for (const publicId of ids) {
      const ofThis = outcomes.map((outcome) => outcome.get(publicId));
      expect(ofThis.toSorted()).toEqual(['PublicIdTakenError', 'PublicIdTakenError', 'PublicIdTakenError', 'stored']);
      expect((await storage.stat(publicId, never))?.md5).toBe(hashesOf(pictures[ofThis.indexOf('stored')]).md5);
    }
    expect(await filesIn(inAssets())).toHaveLength(ids.length);
  });

  describe('on a file system without hard links', () => {
    beforeEach(() => {
      jest.spyOn(fs, 'link').mockRejectedValue(refusal('EPERM', -1));
    });

    it('stores, finds again and refuses all the same', async () => {
      const bytes = await picture(30);

      expect(await create('ana/000001', bytes)).toEqual(await create('ana/000001', bytes));

      await expect(create('ana/000001', await picture(31))).rejects.toThrow(PublicIdTakenError);
      expect(await fs.readFile(inAssets('ana/000001.png'))).toEqual(bytes);
      expect(await fs.readdir(inAssets('.incoming'))).toEqual([]);
    });

    it('lets one of many at once win, and tells the others the truth or to come again', async () => {
      const pictures = await Promise.all(Array.from({ length: 20 }, (_, k) => picture(40 + k)));

      const results = await Promise.allSettled(pictures.map((bytes) => create('ana/000001', bytes)));

      const winners = pictures.filter((_, k) => results[k].status === 'fulfilled');
      expect(winners).toHaveLength(1);
      expect(await fs.readFile(inAssets('ana/000001.png'))).toEqual(winners[0]);
      for (const bytes of pictures.filter((one) => one !== winners[0])) {
        await expect(create('ana/000001', bytes)).rejects.toThrow(PublicIdTakenError);
      }
    });

    it('lets others in again when a process died after it had won, once that is long ago', async () => {
      const [lost, bytes] = await Promise.all([picture(35), picture(36)]);
      jest.mocked(fs.link).mockRejectedValueOnce(refusal('EIO', -5));
      await expect(create('ana/000001', lost)).rejects.toThrow('EIO');
      await expect(create('ana/000001', bytes)).rejects.toThrow('EPERM');
      const [claim] = await fs.readdir(inAssets('.incoming'));
      await fs.utimes(inAssets('.incoming', claim), longAgo, longAgo);

      await create('ana/000001', bytes);

      expect(await fs.readFile(inAssets('ana/000001.png'))).toEqual(bytes);
    });

    it('lets nobody but the winner move bytes into place, for another may have done it since', async () => {
      const [first, second, third] = await Promise.all([picture(32), picture(33), picture(34)]);
      jest.mocked(fs.link).mockRejectedValueOnce(refusal('EIO', -5));
      await expect(create('ana/000001', first)).rejects.toThrow('EIO');
      jest.mocked(fs.link).mockImplementationOnce(async (from, to) => {
        await fs.rename(from, to);
        await fs.writeFile(from, third);
        throw refusal('EPERM', -1);
      });

      await expect(create('ana/000001', second)).rejects.toThrow('EPERM');

      expect(await fs.readFile(inAssets('ana/000001.png'))).toEqual(first);
      await create('ana/000001', first);
    });
  });

  describe('links', () => {
    let outside: string;

    beforeEach(async () => {
      outside = join(at.config.DATA_DIR, 'outside');
      await fs.mkdir(outside);
      await fs.writeFile(join(outside, '000001.png'), await picture(50));
      await fs.mkdir(inAssets('ana'), { recursive: true });
    });

    it.each([
      ['a folder that leads outside', '../outside', 'far'],
      ['a folder that leads nowhere', '../nowhere', 'far'],
      ['a folder that leads to another', 'ana', 'far'],
      ['a picture that leads outside', '../../outside/000001.png', 'ana/000001.png'],
      ['a picture that leads nowhere', '../../outside/000002.png', 'ana/000001.png'],
      ['the folder of pictures in the making', '../outside', '.incoming'],
    ])('refuses a link in place of %s', async (_, target, name) => {
      await fs.symlink(target, inAssets(name));
      const publicId = name === 'far' ? 'far/000001' : 'ana/000001';

      await expect(create(publicId, await picture(51))).rejects.toThrow(StorageRejectedError);

      expect((await storage.list('', null, never)).assets).toEqual([]);
      expect(await filesIn(at.config.DATA_DIR)).toEqual(['outside/000001.png']);
    });

    it('lets the asset folder itself be one, as to another disk', async () => {
      await fs.rm(inAssets(), { recursive: true });
      await fs.symlink('outside', inAssets());

      await create('ana/000001', await picture(52));

      expect(await filesIn(outside)).toEqual(['000001.png', 'ana/000001.png']);
    });
  });

  describe('a disk that refuses', () => {
    it.each([
      ['ENOSPC', -28, 'no space left on device'],
      ['EACCES', -13, 'permission denied'],
      ['EIO', -5, 'i/o error'],
      ['EROFS', -30, 'read-only file system'],
      ['EMFILE', -24, 'too many open files'],
    ])('means "try again later": %s, with no path in the message', async (code, errno, meaning) => {
      jest.spyOn(fs, 'writeFile').mockRejectedValueOnce(refusal(code, errno));

      const refused: unknown = await create('ana/000001', await picture(60)).catch((error: unknown) => error);

      expect(refused).toEqual(new Error(`The disk under DATA_DIR cannot do this now: ${meaning} (${code}).`));
      expect(refused).not.toBeInstanceOf(StorageRejectedError);
      expect(await storage.stat('ana/000001', never)).toBeNull();
      await create('ana/000001', await picture(60));
      expect(await fs.readdir(inAssets('.incoming'))).toEqual([]);
    });

    it('is told as it is when it is real', async () => {
      await fs.writeFile(inAssets(), 'a file where the folder should be');

      for (const call of [create('ana/000001', await picture(61)), storage.stat('ana/000001', never), storage.list('', null, never)]) {
        await expect(call).rejects.toEqual(new Error('The disk under DATA_DIR cannot do this now: not a directory (ENOTDIR).'));
      }
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation();
      await storage.onModuleInit();
      expect(warn.mock.calls).toEqual([[expect.stringContaining('not a directory (ENOTDIR)')]]);
      expect(warn.mock.calls[0][0]).not.toContain('/');
    });

    it('will never take a name that is longer than its own names may be', async () => {
      await expect(create('a'.repeat(252), await picture(62))).rejects.toThrow(StorageRejectedError);
      await create('a'.repeat(250), await picture(62));
    });

    it('is not waited for beyond the signal', async () => {
      const abort = new AbortController();
      const hangs = new Promise<never>(() => {});
      jest.spyOn(fs, 'writeFile').mockImplementation(() => (abort.abort(new Error('enough')), hangs));
      const bytes = await picture(63);

      await expect(storage.create('ana/000001', bytes, hashesOf(bytes), abort.signal)).rejects.toThrow('enough');
    });

    it('has every new name synced before the picture counts as stored', async () => {
      const order: string[] = [];
      const { link, open } = fs;
      jest.spyOn(fs, 'link').mockImplementation(async (from, to) => {
        await link(from, to);
        order.push('linked');
      });
      jest.spyOn(fs, 'open').mockImplementation(async (path, flags) => {
        order.push(String(path));
        return open(path, flags);
      });

      await create('ana/000001', await picture(64));

      expect(order).toEqual(['linked', inAssets('ana'), inAssets(), at.config.DATA_DIR]);
    });
  });
});

/** The paths of all plain files in `folder`, those that are hidden left out. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  return paths.filter((path) => !path.split('/').some((name) => name.startsWith('.'))).toSorted();
}

function orderOf(publicId: string, bytes: Buffer) {
  return { publicId, base64: bytes.toString('base64'), hashes: hashesOf(bytes) };
}

/** A process that stores what it is sent, and is killed when it comes to `fatalCall`. */
async function startChild(dataFolder: string, ...fatalCall: string[]): Promise<ChildProcess> {
  const child = fork(join(__dirname, 'local-disk.child.mjs'), [dataFolder, ...fatalCall], { execArgv: [] });
  children.push(child);
  await once(child, 'message');
  return child;
}

/** Sends every name to all racers at once; racer k brings picture k. Resolves with the outcome of each name, by racer. */
async function race(racers: ChildProcess[], ids: string[], pictures: Buffer[]): Promise<Map<string, string>[]> {
  const ended = racers.map(async (child) => {
    const outcomes = new Map<string, string>();
    for await (const [{ publicId, outcome }] of on(child, 'message')) {
      outcomes.set(publicId, outcome);
      if (outcomes.size === ids.length) break;
    }
    child.disconnect();
    await once(child, 'exit');
    return outcomes;
  });
  for (const publicId of ids) racers.forEach((child, k) => child.send(orderOf(publicId, pictures[k])));
  return Promise.all(ended);
}
