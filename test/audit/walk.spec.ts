import { StorageUnreadableError, WalkInProgressError } from '../../src/audit/audit-errors.js';
import { StorageRejectedError } from '../../src/upload/asset-storage.js';
import { BareLedger } from '../pipeline/bare-ledger.js';
import { AuditParts } from './audit-parts.js';
import { PagedStorage } from './paged-storage.js';

const FOREIGN = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => `filmroll/foreign-${letter}`);
const PAGES = 4;

describe('a walk through storage', () => {
  let bare: BareLedger;
  let storage: PagedStorage;
  let parts: AuditParts;

  beforeAll(async () => {
    bare = await BareLedger.open();
  });

  afterAll(() => bare.close());

  beforeEach(async () => {
    await bare.database.query('TRUNCATE storage_walk CASCADE');
    storage = new PagedStorage();
    FOREIGN.forEach((publicId, k) => storage.put(publicId, String(k)));
    parts = new AuditParts(bare.dataSource, storage);
  });

  /** Stops the walk while it asks for its third page. */
  async function stopInTheMiddle(): Promise<void> {
    const stop = new AbortController();
    storage.beforePage = (page) => (page === 3 ? stop.abort(new Error('Ctrl-C')) : undefined);
    await expect(parts.audit({ signal: stop.signal })).rejects.toThrow('Ctrl-C');
    storage.beforePage = () => undefined;
  }

  async function expectAllFound(): Promise<void> {
    const findings = await parts.audit();
    expect(findings).toEqual(FOREIGN.map((publicId) => expect.objectContaining({ kind: 'unknown', publicId, confirmed: true })));
    expect(await bare.database.query('SELECT id FROM storage_walk')).toEqual([]);
    expect(await bare.database.query('SELECT public_id FROM walked_asset')).toEqual([]);
  }

  it('sees every page once, and leaves nothing behind', async () => {
    await expectAllFound();
    expect(storage.asked).toEqual(['filmroll/@', 'filmroll/@1.2', 'filmroll/@1.4', 'filmroll/@1.6']);
    expect(parts.told).toEqual(['begin: 0 of 0', 'page: 2', 'page: 4', 'page: 6', 'page: 7']);
  });

  it('goes on where it was stopped', async () => {
    await stopInTheMiddle();
    await expectAllFound();
    expect(storage.asked.slice(3)).toEqual(['filmroll/@1.4', 'filmroll/@1.6']);
    expect(parts.told).toContain('begin: 4 of 0');
  });

  it('goes on to its report when it was stopped after the last page', async () => {
    const stop = new AbortController();
    jest.spyOn(storage, 'stat').mockImplementationOnce(async () => {
      stop.abort(new Error('Ctrl-C'));
      throw new Error('Ctrl-C');
    });
    await expect(parts.audit({ signal: stop.signal })).rejects.toThrow('Ctrl-C');
    await expectAllFound();
    expect(storage.asked).toHaveLength(PAGES);
  });

  it('begins anew when asked to', async () => {
    await stopInTheMiddle();
    await parts.audit({ fresh: true });
    expect(storage.asked.slice(3)).toHaveLength(PAGES);
  });

  it('begins anew after a day', async () => {
    await stopInTheMiddle();
    await bare.database.query(`UPDATE storage_walk SET started_at = started_at - interval '25 hours'`);
    await expectAllFound();
    expect(storage.asked.slice(3)).toHaveLength(PAGES);
  });

  it('does not go on with the walk of another scope', async () => {
    await stopInTheMiddle();
    const other = new AuditParts(bare.dataSource, storage, { PUBLIC_ID_PREFIX: 'elsewhere' });
    expect(await other.audit()).toEqual([]);
    expect(storage.asked.at(-1)).toBe('elsewhere/@');
  });

  it('does not go on with the walk of another storage, whose cursors may look alike', async () => {
    await stopInTheMiddle();
    storage.place = 'another account';
    await expectAllFound();
    expect(storage.asked.slice(3)).toHaveLength(PAGES);
  });

  it('begins anew when storage refuses the cursor, and says so', async () => {
    await stopInTheMiddle();
    storage.forgetCursors();
    await expectAllFound();
    expect(parts.told).toContain('anew');
    expect(storage.asked.slice(3, 5)).toEqual(['filmroll/@1.4', 'filmroll/@']);
  });

  it('keeps what it has seen when storage refuses everything', async () => {
    await stopInTheMiddle();
    storage.beforePage = () => {
      throw new StorageRejectedError('The key was revoked.');
    };
    await expect(parts.audit()).rejects.toThrow(StorageUnreadableError);
    storage.beforePage = () => undefined;
    storage.asked.length = 0;
    await parts.audit();
    expect(storage.asked).toEqual(['filmroll/@1.4', 'filmroll/@1.6']);
    expect(parts.told).not.toContain('anew');
  });

  it('gives up when storage never takes its own cursors', async () => {
    storage.beforePage = () => storage.forgetCursors();
    await expect(parts.audit()).rejects.toThrow('it refuses its own cursors');
  });

  it('waits for the moment that storage names, however often', async () => {
    const random = jest.spyOn(Math, 'random').mockReturnValue(0);
    storage.beforePage = (page) => {
      if (page < 15) throw Object.assign(new Error('420'), { retryAt: new Date(Date.now() + 5) });
    };
    await expectAllFound();
    expect(parts.told.filter((word) => word === 'wait')).toHaveLength(14);
    random.mockRestore();
  });

  it('can be stopped while it waits', async () => {
    const stop = new AbortController();
    storage.beforePage = () => {
      setImmediate(() => stop.abort(new Error('Ctrl-C')));
      throw Object.assign(new Error('420'), { retryAt: new Date(Date.now() + 3_600_000) });
    };
    await expect(parts.audit({ signal: stop.signal })).rejects.toThrow('Ctrl-C');
    expect(parts.told.at(-1)).toBe('wait');
  });

  it('tries again what fails in passing', async () => {
    storage.beforePage = (page) => {
      if (page === 2) throw new Error('502');
    };
    await expectAllFound();
    expect(parts.told.join()).not.toContain('trouble');
  });

  it('says what is wrong while it tries again', async () => {
    storage.beforePage = (page) => {
      if (page > 1 && page < 5) throw new Error('502');
    };
    await expectAllFound();
    expect(parts.told.filter((word) => word.startsWith('trouble'))).toEqual(['trouble: 502']);
  });

  it('lets no second one through the same prefixes', async () => {
    let second: unknown;
    storage.beforePage = async () => {
      second ??= await parts.audit().catch((error: unknown) => error);
    };
    await parts.audit();
    expect(second).toBeInstanceOf(WalkInProgressError);
  });
});

describe('the prefixes of a walk', () => {
  let bare: BareLedger;

  beforeAll(async () => {
    bare = await BareLedger.open();
    await bare.insert(2);
  });

  afterAll(() => bare.close());

  it.each([
    ['filmroll', ['filmroll/']],
    ['elsewhere', ['elsewhere/', 'filmroll/']],
    ['filmroll/within', ['filmroll/']],
  ])('are PUBLIC_ID_PREFIX=%s and those in the ledger', async (prefix, prefixes) => {
    const parts = new AuditParts(bare.dataSource, new PagedStorage(), { PUBLIC_ID_PREFIX: prefix });
    expect((await parts.scopes.everything()).prefixes).toEqual(prefixes);
  });

  it('of a series are its folders', async () => {
    const parts = new AuditParts(bare.dataSource, new PagedStorage(), { PUBLIC_ID_PREFIX: 'new' });
    const [{ publicId }] = await bare.insert(1);
    const folder = publicId.replace(/\d+$/, '');
    const name = { username: 'ada', character: 'luna' };
    expect((await parts.scopes.series(name)).prefixes).toEqual([folder, folder.replace('filmroll', 'new')]);
  });
});
