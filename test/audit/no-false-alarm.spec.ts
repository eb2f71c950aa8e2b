import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { AssetPage, AssetStorage } from '../../src/upload/asset-storage.js';
import { BareLedger, connect } from '../pipeline/bare-ledger.js';
import { startTestService, TestService } from '../service/test-service.js';
import { AuditParts } from './audit-parts.js';
import { PagedStorage } from './paged-storage.js';

describe('an audit of a service that is at work', () => {
  let service: TestService;
  let storage: AssetStorage;
  let dataSource: DataSource;

  beforeAll(async () => {
    service = await startTestService();
    storage = service.app.get(AssetStorage, { strict: false });
    dataSource = await connect(service.database);
    await service.api.ended(await service.api.generate({ count: 6 }));
  });

  afterAll(async () => {
    await dataSource.destroy();
    await service.close();
  });

  /** The service's storage, one asset at a time; `meanwhile` runs when a page has been read and before the next is. */
  function slowly(meanwhile: (page: number) => Promise<void>): AssetStorage {
    let pages = 0;
    const list = async (prefix: string, cursor: string | null, signal: AbortSignal): Promise<AssetPage> => {
      if (pages++ > 0) await meanwhile(pages);
      const { assets } = await storage.list(prefix, null, signal);
      const left = assets.filter(({ publicId }) => publicId > (cursor ?? ''));
      return { assets: left.slice(0, 1), cursor: left.length > 1 ? left[0].publicId : null };
    };
    return Object.assign(Object.create(storage) as AssetStorage, { list });
  }

  it('takes nothing for a fault that was made behind its back', async () => {
    const characters = ['aaa', 'luna', 'zzz'];
    const parts = new AuditParts(
      dataSource,
      slowly(async (page) => {
        const character = characters[page - 2];
        if (character) await service.api.ended(await service.api.generate({ character, count: 4 }));
      }),
    );
    expect(await parts.audit()).toEqual([]);
    expect(parts.told[0]).toBe('begin: 0 of 6');
    const [{ count }] = await service.database.query<{ count: string }>(`SELECT count(*) FROM image WHERE status = 'UPLOADED'`);
    expect(Number(count)).toBe(18);
  });

  it('still sees what is gone among it', async () => {
    const gone: string[] = [];
    const parts = new AuditParts(
      dataSource,
      slowly(async (page) => {
        if (page > 2) return;
        const id = await service.api.generate({ character: 'aab', count: 2 });
        await service.api.ended(id);
        const [{ publicId }] = await service.database.query<{ publicId: string }>(
          'SELECT public_id AS "publicId" FROM image WHERE batch_id = $1',
          [id],
        );
        await rm(join(service.dataDir, 'assets', `${publicId}.png`));
        gone.push(publicId);
      }),
    );
    expect(await parts.audit()).toEqual([expect.objectContaining({ kind: 'missing', publicId: gone[0], confirmed: true })]);
    expect(existsSync(join(service.dataDir, 'assets', `${gone[0]}.png`))).toBe(false);
  });
});

describe('more suspects than are looked at once more', () => {
  let bare: BareLedger;

  beforeAll(async () => {
    bare = await BareLedger.open();
    await bare.insert(250);
    await bare.database.query(`UPDATE image SET status = 'UPLOADED', sha256 = index, md5 = index, bytes = 1`);
  });

  afterAll(() => bare.close());

  it('are told as not confirmed when they are old, and left to the next audit when they may be new', async () => {
    const empty = new AuditParts(bare.dataSource, new PagedStorage());
    const recent = await empty.audit();
    expect(recent).toHaveLength(200);
    await bare.database.query(`UPDATE image SET updated_at = now() - interval '5 minutes'`);
    const old = await empty.audit();
    expect(old).toHaveLength(250);
    expect(old.filter(({ confirmed }) => !confirmed)).toHaveLength(50);
  });
});
