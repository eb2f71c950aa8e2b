import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filmroll } from '../audit/filmroll-process.js';
import { createDatabase, startTestService, TestDatabase, TestService } from '../service/test-service.js';
import { ledgerFaults } from './ledger-faults.js';

describe('a backup that is restored while storage is newer', () => {
  let service: TestService;
  let backup: TestDatabase;
  let filesBefore: string[];
  let restored: Awaited<ReturnType<TestService['another']>>;
  let refusedId: string;

  beforeAll(async () => {
    service = await startTestService();
    await service.api.ended(await service.api.generate({ count: 2, prompt: 'before the backup' }));
    await service.stop();
    backup = await createDatabase(service.database);
    const later = await service.another();
    await later.api.ended(await later.api.generate({ count: 3, prompt: 'after the backup', seed: 1 }));
    await later.stop();
    filesBefore = await files();
    restored = await service.another({ DATABASE_URL: backup.url });
    refusedId = await restored.api.generate({ count: 2, prompt: 'after it was restored', seed: 1_000 });
    await restored.api.ended(refusedId);
  });

  afterAll(async () => {
    await restored.stop();
    await backup.drop();
    await service.close();
  });

  /** Every stored file with the hash of its bytes. */
  async function files(): Promise<string[]> {
    const assets = join(service.dataDir, 'assets');
    const names = (await readdir(assets, { recursive: true })).filter((name) => name.endsWith('.png')).toSorted();
    return Promise.all(
      names.map(
        async (name) =>
          `${name} ${createHash('sha256')
            .update(await readFile(join(assets, name)))
            .digest('hex')}`,
      ),
    );
  }

  it('overwrites no picture that storage holds', async () => {
    expect(filesBefore).toHaveLength(5);
    expect((await files()).filter((file) => filesBefore.includes(file))).toEqual(filesBefore);
  });

  it('is told of each name that is taken, for good', async () => {
    const rows = await backup.query(`SELECT index, status, error->>'code' AS code, error->'retryable' AS retryable FROM image
      WHERE batch_id = '${refusedId}' ORDER BY index`);
    const taken = { status: 'FAILED', code: 'PUBLIC_ID_TAKEN', retryable: false };
    expect(rows).toEqual([3, 4].map((index) => ({ index, ...taken })));
    expect(await ledgerFaults(backup)).toEqual([]);
  });

  it('lets a retry change nothing of that', async () => {
    await restored.api.ask('mutation ($id: ID!) { retryBatch(id: $id) { id } }', { id: refusedId });
    expect(await restored.api.ended(refusedId)).toBe('FAILED');
    expect(await files()).toEqual(filesBefore);
  });

  it('goes on behind them once they are adopted', async () => {
    const env = { DATABASE_URL: backup.url, DATA_DIR: service.dataDir };
    expect((await filmroll(['adopt', '--username=ada', '--character=luna', '--apply'], env)).code).toBe(0);
    const next = await restored.api.generate({ count: 2, prompt: 'after it was adopted', seed: 2_000 });
    expect(await restored.api.ended(next)).toBe('COMPLETED');
    expect(await backup.query(`SELECT index FROM image WHERE batch_id = '${next}' ORDER BY index`)).toEqual([{ index: 6 }, { index: 7 }]);
    expect((await files()).filter((file) => filesBefore.includes(file))).toEqual(filesBefore);
  });
});
