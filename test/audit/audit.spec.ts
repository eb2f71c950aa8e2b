import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startTestService, TestService } from '../service/test-service.js';
import { Ending, filmroll } from './filmroll-process.js';

const OTHER_BYTES = Buffer.from('replaced by a stranger');

interface Named {
  publicId: string;
  index: number;
  character: string;
}

describe('filmroll audit', () => {
  let service: TestService;
  let settings: Record<string, string>;

  beforeAll(async () => {
    service = await startTestService();
    settings = { DATABASE_URL: service.database.url, DATA_DIR: service.dataDir };
    await service.api.ended(await service.api.generate({ count: 4 }));
  });

  afterAll(() => service.close());

  function audit(...args: string[]): Promise<Ending> {
    return filmroll(['audit', ...args], settings);
  }

  function fileOf(publicId: string): string {
    return join(service.dataDir, 'assets', `${publicId}.png`);
  }

  async function put(publicId: string, bytes: string | Buffer): Promise<void> {
    await mkdir(dirname(fileOf(publicId)), { recursive: true });
    await writeFile(fileOf(publicId), bytes);
  }

  async function names(): Promise<Named[]> {
    return service.database.query<Named>('SELECT public_id AS "publicId", index, "character" FROM image ORDER BY public_id');
  }

  it('ends with 0 when all is as the ledger says', async () => {
    const { code, stdout, stderr } = await audit();
    expect(code).toBe(0);
    expect(stdout).toContain('All is as the ledger says.');
    expect(stderr).toBe('4 assets are expected under filmroll/: one request to storage was enough.\n');
    // oxlint-disable-next-line no-control-regex -- colours are what is looked for
    expect(stdout).not.toMatch(/\u001b/);
  });

  it('counts what is stored and not yet UPLOADED as no fault', async () => {
    await service.database.query(`UPDATE image SET status = 'GENERATED', retry_at = now() + interval '1 day' WHERE index = 4`);
    const { code, stdout } = await audit();
    await service.database.query(`UPDATE image SET status = 'UPLOADED' WHERE index = 4`);
    expect(stdout).toContain('Stored and not yet UPLOADED: 1. They are on their way, which is no fault.');
    expect(code).toBe(0);
  });

  describe('of a storage in which somebody has been', () => {
    let told: any;
    let ending: Ending;
    let images: Named[];

    beforeAll(async () => {
      // The same seed and prompt make the same picture.
      for (const _ of [1, 2]) await service.api.ended(await service.api.generate({ character: 'sol', count: 1, seed: 7 }));
      images = await names();
      const [gone, replaced, copied, taken] = images.map(({ publicId }) => publicId);
      await put('filmroll/by-hand/copy', await readFile(fileOf(copied)));
      await rm(fileOf(gone));
      await put(replaced, OTHER_BYTES);
      await service.database.query(`UPDATE image SET status = 'FAILED' WHERE public_id = $1`, [taken]);
      await put(taken, 'somebody was first');
      await put('elsewhere/not-ours', OTHER_BYTES);
      ending = await audit('--json');
      told = JSON.parse(ending.stdout);
    });

    function found(kind: string): any[] {
      return told.findings.filter((finding: { kind: string }) => finding.kind === kind);
    }

    it('ends with 1, and counts', () => {
      expect(ending.code).toBe(1);
      expect(told).toMatchObject({ prefixes: ['filmroll/'], assets: 6, expected: 5, storedNotYetUploaded: 0, unconfirmed: 0 });
      expect(told.counts).toEqual({ missing: 1, different: 1, taken: 1, unknown: 1, duplicate: 2 });
      expect(told.findings).toHaveLength(6);
    });

    it('finds the one that was deleted, with what the ledger knows of it', () => {
      const { publicId, index } = images[0];
      const ledger = { md5: expect.stringMatching(/^[0-9a-f]{32}$/), bytes: expect.any(Number) };
      const image = expect.objectContaining({ username: 'ada', character: 'luna', index, status: 'UPLOADED' });
      expect(found('missing')).toEqual([{ kind: 'missing', publicId, image, ledger, storage: null, confirmed: true }]);
    });

    it('finds the one whose bytes were replaced', () => {
      const storage = expect.objectContaining({ bytes: OTHER_BYTES.length });
      expect(found('different')).toEqual([expect.objectContaining({ publicId: images[1].publicId, storage, confirmed: true })]);
    });

    it('finds the name that is taken', () => {
      const image = expect.objectContaining({ status: 'FAILED', index: images[3].index });
      expect(found('taken')).toEqual([expect.objectContaining({ publicId: images[3].publicId, image, confirmed: true })]);
    });

    it('finds the one that nobody knows', () => {
      expect(found('unknown')).toEqual([expect.objectContaining({ publicId: 'filmroll/by-hand/copy', image: null, ledger: null })]);
    });

    it('finds equal bytes within a series and in storage', () => {
      const twins = images.filter(({ character }) => character === 'sol').map(({ publicId }) => publicId);
      const expected = [twins, ['filmroll/by-hand/copy', images[2].publicId].toSorted()];
      expect(found('duplicate').map(({ publicIds }) => publicIds)).toEqual(expect.arrayContaining(expected));
    });

    it('tells people the same, and changes nothing', async () => {
      const { code, stdout } = await audit();
      expect(code).toBe(1);
      expect(stdout).toMatch(/missing\s+│\s+1 │/);
      expect(stdout).toContain(`\nmissing\n  ${images[0].publicId}  ada / luna, index 1, UPLOADED, batch `);
      expect(stdout).toContain('\nunknown\n  filmroll/by-hand/copy\n');
      expect(await readFile(fileOf(images[1].publicId))).toEqual(OTHER_BYTES);
      expect(await names()).toEqual(images);
    });

    it('looks at one series when asked to', async () => {
      const { stdout, code } = await audit('--json', '--username', 'ada', '--character', 'sol');
      const { counts, assets } = JSON.parse(stdout);
      expect({ code, assets, counts }).toEqual({
        ...{ code: 1, assets: 2 },
        counts: { missing: 0, different: 0, taken: 0, unknown: 0, duplicate: 1 },
      });
    });
  });

  it('shows people 20 of a kind, and how to see all', async () => {
    for (let k = 0; k < 25; k++) await put(`filmroll/many/${k}`, String(k));
    const { stdout } = await audit();
    expect(stdout).toContain('  … and 6 more: --json tells them all');
    expect(stdout.match(/^ {2}filmroll\/many/gm)).toHaveLength(19);
  });

  it.each([
    [['--nonsense'], 'unknown option'],
    [['--username', 'ada'], '--username and --character go together'],
    [['--username', 'ada', '--character', 'lnua'], 'Neither ledger nor storage knows this character of this user'],
    [['--username', ' ', '--character', 'luna'], 'Neither ledger nor storage knows this character of this user'],
  ])(
    'ends with 2 for %j',
    async (args, word) => {
      const { code, stderr, stdout } = await audit(...args);
      expect(stderr).toContain(word);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
    30_000,
  );

  it.each([
    [{ DATABASE_URL: 'postgres://filmroll:hush@127.0.0.1:1/none' }, 'Nothing answers at 127.0.0.1:1'],
    [{ DATABASE_URL: 'mysql://hush' }, 'DATABASE_URL must begin with postgres://'],
  ])(
    'ends with 2 in one clear line for %j',
    async (wrong, word) => {
      const { code, stderr, stdout } = await filmroll(['audit'], { ...settings, ...wrong });
      expect(stderr).toContain(word);
      expect(stderr).not.toMatch(/hush|\n {4}at /);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
    30_000,
  );

  it('reads the .env file of the folder that it is called in', async () => {
    await writeFile(join(service.dataDir, '.env'), `DATABASE_URL=${service.database.url}\nDATA_DIR=.\n`);
    const { stdout } = await filmroll(['audit', '--json'], {}, service.dataDir);
    expect(JSON.parse(stdout)).toMatchObject({ expected: 5 });
  });
});
