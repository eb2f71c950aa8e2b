import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publicId } from '../../src/batch/public-id.js';
import { createDatabase, startTestService, TestDatabase, TestService } from '../service/test-service.js';
import { Ending, filmroll } from './filmroll-process.js';

const IMAGES = 'query ($id: ID!) { batch(id: $id) { images { index status error { code message } } } }';
const LAST_INDEX = 'query ($character: String!) { series(username: "ada", character: $character) { lastIndex } }';

describe('filmroll adopt', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  function adopt(...args: string[]): Promise<Ending> {
    return filmroll(['adopt', ...args], { DATABASE_URL: service.database.url, DATA_DIR: service.dataDir });
  }

  function adoptSeries(character: string, ...args: string[]): Promise<Ending> {
    return adopt('--username=ada', `--character=${character}`, ...args);
  }

  async function store(...publicIds: string[]): Promise<void> {
    for (const name of publicIds) {
      await mkdir(join(service.dataDir, 'assets', name, '..'), { recursive: true });
      await writeFile(join(service.dataDir, 'assets', `${name}.png`), name);
    }
  }

  async function lastIndex(character: string): Promise<number | null> {
    return (await service.api.ask(LAST_INDEX, { character })).series?.lastIndex ?? null;
  }

  async function nextIndex(character: string): Promise<number> {
    const id = await service.api.generate({ character, count: 1 });
    return (await service.api.ask(IMAGES, { id })).batch.images[0].index;
  }

  /** The last row of the table, as its cells. */
  function row({ stdout }: Ending): string[] {
    const rows = stdout.split('\n').filter((line) => line.startsWith('│'));
    return rows
      .at(-1)!
      .split('│')
      .slice(1, -1)
      .map((cell) => cell.trim());
  }

  it('makes the next index 121 where storage holds 120 names', async () => {
    await store(...Array.from({ length: 120 }, (_, k) => publicId('filmroll', 'ada', 'luna', k + 1)));
    const dry = await adoptSeries('luna');
    expect(dry.code).toBe(0);
    expect(row(dry)).toEqual(['ada', 'luna', 'none', '120', '121']);
    expect(dry.stdout).toContain('Nothing was changed.');
    expect(await lastIndex('luna')).toBeNull();
    const done = await adoptSeries('luna', '--apply');
    expect(done.code).toBe(0);
    expect(row(done)).toEqual(['ada', 'luna', 'none', '120', '121']);
    expect(await lastIndex('luna')).toBe(120);
    expect(await nextIndex('luna')).toBe(121);
  });

  it('goes above --above for a team with names of another scheme', async () => {
    expect(await nextIndex('sol')).toBe(1);
    expect(row(await adoptSeries('sol', '--above', '120', '--apply'))).toEqual(['ada', 'sol', '1', expect.any(String), '121']);
    expect(await nextIndex('sol')).toBe(121);
    const again = await adoptSeries('sol', '--above', '60', '--apply');
    expect(again.stdout).toContain('Nothing to raise');
    expect(await nextIndex('sol')).toBe(122);
  });

  it('raises a series of any name', async () => {
    const character = "O'Brien & $(月) --all";
    await adoptSeries(character, '--above', '7', '--apply');
    expect(await nextIndex(character)).toBe(8);
  });

  it('raises every series of the ledger with --all, and leaves alone what needs nothing', async () => {
    for (const character of ['eos', 'nyx']) expect(await nextIndex(character)).toBe(1);
    await store(publicId('filmroll', 'ada', 'eos', 50), publicId('filmroll', 'nobody', 'knows', 9));
    const { stdout, code } = await adopt('--all', '--apply');
    expect(code).toBe(0);
    expect(stdout).toMatch(/│ ada\s+│ eos\s+│\s+1 │\s+50 │\s+51 │/);
    expect(stdout).not.toMatch(/nyx|knows/);
    expect(await nextIndex('eos')).toBe(51);
    expect(await nextIndex('nyx')).toBe(2);
  });

  it('says what it cannot raise, and ends with 2', async () => {
    await store(publicId('filmroll', 'ada', 'aer', 999_999_999_999));
    const { code, stdout } = await adoptSeries('aer', '--apply');
    expect(code).toBe(2);
    expect(row({ stdout } as Ending).at(-1)).toBe('too high');
    expect(stdout).toContain('ada / aer is not raised above 999,999,999,999: 100,000,000 is the most.');
    expect(await lastIndex('aer')).toBeNull();
  });

  it.each([
    [[], 'name the series with --username and --character, or take --all'],
    [['--username=ada'], 'name the series'],
    [['--all', '--username=ada'], '--all goes without'],
    [['--all', '--above', '5'], '--above is for one series'],
    [['--username=ada', '--character=luna', '--above', '1e3'], 'whole number'],
    [['--username=ada', '--character=lnua', '--apply'], 'Neither ledger nor storage knows'],
  ])(
    'ends with 2 for %j',
    async (args, word) => {
      const { code, stderr, stdout } = await adopt(...args);
      expect(stderr).toContain(word);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
    30_000,
  );
});

describe('a database that was lost, while storage keeps 40 pictures of a series', () => {
  let old: TestService;
  let database: TestDatabase;
  let service: Awaited<ReturnType<TestService['another']>>;
  let before: Map<string, Buffer>;
  let failed: string;

  beforeAll(async () => {
    old = await startTestService();
    await old.api.ended(await old.api.generate({ count: 40 }));
    await old.stop();
    before = await files();
    database = await createDatabase();
    service = await old.another({ DATABASE_URL: database.url });
    failed = await service.api.generate({ count: 4 });
    await service.api.ended(failed);
  });

  afterAll(async () => {
    await old.close();
    await database.drop();
  });

  async function files(): Promise<Map<string, Buffer>> {
    const folder = join(old.dataDir, 'assets');
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.png')).toSorted();
    return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
  }

  async function images(id: string): Promise<any[]> {
    return (await service.api.ask(IMAGES, { id })).batch.images;
  }

  /** What the error tells people to run, run by a shell. */
  function runAdvice(message: string, ...more: string[]): Promise<Ending> {
    const [, command] = /`filmroll (.+)`/.exec(message)!;
    return filmroll([...command.split(' '), ...more], { DATABASE_URL: database.url, DATA_DIR: old.dataDir });
  }

  it('fails new images and overwrites nothing', async () => {
    for (const { status, error } of await images(failed)) expect([status, error.code]).toEqual(['FAILED', 'PUBLIC_ID_TAKEN']);
    expect(before.size).toBe(40);
    expect(await files()).toEqual(before);
  });

  it('is mended by what the error says', async () => {
    const [{ error }] = await images(failed);
    const dry = await runAdvice(error.message);
    expect(dry.stdout).toMatch(/│ ada\s+│ luna\s+│\s+4 │\s+40 │\s+41 │/);
    expect(dry.stdout).toContain(`4 images of ada / luna failed with PUBLIC_ID_TAKEN (batch ${failed}): make a new batch for those.`);
    expect((await runAdvice(error.message, '--apply')).code).toBe(0);
    const next = await service.api.generate({ count: 4 });
    expect(await service.api.ended(next)).toBe('COMPLETED');
    expect((await images(next)).map(({ index }) => index)).toEqual([41, 42, 43, 44]);
    const after = await files();
    expect(after.size).toBe(44);
    for (const [name, bytes] of before) expect(after.get(name)).toEqual(bytes);
  });

  it('is audited as it is: 4 names taken, 36 unknown', async () => {
    const { code, stdout } = await filmroll(['audit', '--json'], { DATABASE_URL: database.url, DATA_DIR: old.dataDir });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).counts).toMatchObject({ missing: 0, different: 0, taken: 4, unknown: 36 });
  });
});
