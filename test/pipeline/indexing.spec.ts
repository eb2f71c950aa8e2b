import { startTestService, TestService } from '../service/test-service.js';
import { BareLedger } from './bare-ledger.js';

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k + 1);
}

describe('reserve()', () => {
  let bare: BareLedger;

  beforeAll(async () => {
    bare = await BareLedger.open();
  });

  afterAll(() => bare.close());

  function reserve(character: string, count: number): Promise<number[]> {
    return bare.dataSource.transaction(async (tx) => (await bare.indexing.reserve(tx, 'ada', character, count)).indices);
  }

  it('makes one series and one sequence for 32 first calls, and gives each index once', async () => {
    const reserved = await Promise.all(upTo(32).map(() => reserve('luna', 3)));
    expect(reserved.flat().toSorted((a, b) => a - b)).toEqual(upTo(96));
    for (const indices of reserved) expect(indices).toEqual(indices.toSorted((a, b) => a - b));
    expect(await bare.database.query('SELECT id FROM series')).toHaveLength(1);
    expect(await bare.database.query(`SELECT relname FROM pg_class WHERE relkind = 'S' AND relname ~ '^series_\\d'`)).toHaveLength(1);
  });

  it('leaves a gap behind a reservation that was rolled back, never a repeat', async () => {
    await reserve('sol', 2);
    const broken = bare.dataSource.transaction(async (tx) => {
      await bare.indexing.reserve(tx, 'ada', 'sol', 3);
      throw new Error('changed my mind');
    });
    await expect(broken).rejects.toThrow('changed my mind');
    expect(await reserve('sol', 2)).toEqual([6, 7]);
  });

  it('begins again at 1 when the very first reservation of a series was rolled back with its sequence', async () => {
    const broken = bare.dataSource.transaction(async (tx) => {
      await bare.indexing.reserve(tx, 'ada', 'eos', 3);
      throw new Error('changed my mind');
    });
    await expect(broken).rejects.toThrow('changed my mind');
    expect(await bare.indexing.find('ada', 'eos')).toBeNull();
    expect(await reserve('eos', 2)).toEqual([1, 2]);
  });

  it('keeps characters and users apart', async () => {
    const other = bare.dataSource.transaction(async (tx) => (await bare.indexing.reserve(tx, 'bob', 'luna', 2)).indices);
    expect(await other).toEqual([1, 2]);
    expect(await reserve('Luna', 2)).toEqual([1, 2]);
  });
});

describe('raiseAbove()', () => {
  let bare: BareLedger;

  beforeAll(async () => {
    bare = await BareLedger.open();
  });

  afterAll(() => bare.close());

  function reserve(character: string, count: number): Promise<number[]> {
    return bare.dataSource.transaction(async (tx) => (await bare.indexing.reserve(tx, 'ada', character, count)).indices);
  }

  it('makes the next index the one above, also of a series that nobody knew', async () => {
    await bare.indexing.raiseAbove('ada', 'luna', 120);
    expect(await reserve('luna', 2)).toEqual([121, 122]);
    await bare.indexing.raiseAbove('ada', 'luna', 123);
    expect(await reserve('luna', 1)).toEqual([124]);
  });

  it('never goes backwards', async () => {
    await reserve('sol', 50);
    for (const index of [0, 7, 50]) await bare.indexing.raiseAbove('ada', 'sol', index);
    expect(await reserve('sol', 1)).toEqual([51]);
  });

  it('gives no index twice to those who reserve meanwhile, and only higher ones to those who come after', async () => {
    const given: number[][] = [];
    const raised = new AbortController();
    const reserveOn = async () => {
      while (!raised.signal.aborted) given.push(await reserve('eos', 3));
    };
    const busy = [1, 2, 3, 4].map(() => reserveOn());
    await Promise.all([1, 2, 3].map(() => bare.indexing.raiseAbove('ada', 'eos', 450_000)));
    const after = await reserve('eos', 3);
    raised.abort();
    await Promise.all(busy);
    const all = [...given, after].flat();
    expect(new Set(all).size).toBe(all.length);
    expect(Math.min(...after)).toBeGreaterThan(450_000);
    expect(Math.min(...all)).toBeLessThan(450_000);
  });

  it('says where it ends', async () => {
    await expect(bare.indexing.raiseAbove('ada', 'nyx', 100_000_001)).rejects.toThrow('A series is raised above 100000000 at most.');
    expect(await bare.indexing.find('ada', 'nyx')).toBeNull();
  });
});

describe('a sequence that a restored backup has left behind its images', () => {
  let service: TestService;

  beforeAll(async () => {
    service = await startTestService();
  });

  afterAll(() => service.close());

  async function restoreAt(index: number): Promise<void> {
    await service.database.query(`SELECT setval('series_1', $1)`, [index]);
  }

  async function indices(): Promise<number[]> {
    return (await service.database.query<{ index: number }>('SELECT index FROM image ORDER BY index')).map(({ index }) => index);
  }

  it('is moved on beyond the highest, and the reservation made again', async () => {
    await service.api.generate({ count: 60 });
    await restoreAt(2);
    await service.api.generate({ count: 4 });
    const given = await indices();
    expect(given.slice(0, 60)).toEqual(upTo(60));
    expect(given).toHaveLength(64);
    expect(given.at(-1)).toBe(64);
  });

  it('gives nothing twice when several come upon it at once', async () => {
    await restoreAt(2);
    await Promise.all(upTo(6).map(() => service.api.generate({ count: 4 })));
    expect(new Set(await indices()).size).toBe(64 + 24);
  });
});
