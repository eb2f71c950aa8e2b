import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestService, TestService } from '../service/test-service.js';

const CLIENTS = 32;

interface StoredRow {
  username: string;
  index: number;
  publicId: string;
  sha256: string;
}

/** `batches` of four for one character and as many for others, all asked for at once. */
export function askAtOnce(batches: number): void {
  describe(`${2 * batches} batches asked for at once`, () => suite(batches));
}

function suite(batches: number): void {
  let service: TestService;
  let rows: StoredRow[];

  beforeAll(async () => {
    service = await startTestService();
    const oneCharacter = Array.from({ length: batches }, () => ({ username: 'ada', prompt: 'one of many' }));
    const others = Array.from({ length: batches }, (_, k) => ({ username: `user ${k}`, prompt: 'of my own' }));
    const inputs = [...oneCharacter, ...others];
    const ids: string[] = [];
    await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        for (let input = inputs.pop(); input; input = inputs.pop()) ids.push(await service.api.generate(input));
      }),
    );
    await Promise.all(ids.map((id) => service.api.ended(id)));
    rows = await service.database.query<StoredRow>(
      `SELECT username, index, public_id AS "publicId", sha256 FROM image WHERE status = 'UPLOADED' ORDER BY username, index`,
    );
  });

  afterAll(() => service.close());

  it('stores every picture', () => {
    expect(rows).toHaveLength(2 * batches * 4);
  });

  it('gives every index of a series once', () => {
    const indicesOf = (username: string) => rows.filter((row) => row.username === username).map(({ index }) => index);
    expect(indicesOf('ada')).toEqual(Array.from({ length: 4 * batches }, (_, k) => k + 1));
    for (let k = 0; k < batches; k++) expect(indicesOf(`user ${k}`)).toEqual([1, 2, 3, 4]);
  });

  it('holds in every file the bytes of its row', async () => {
    for (const { publicId, sha256 } of rows) {
      const bytes = await readFile(join(service.dataDir, 'assets', `${publicId}.png`));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
  });

  it('writes no file twice', async () => {
    for (const { publicId } of rows) {
      const { mtimeMs, birthtimeMs, nlink } = await stat(join(service.dataDir, 'assets', `${publicId}.png`));
      expect(nlink).toBe(1);
      expect(mtimeMs - birthtimeMs).toBeLessThan(10_000);
    }
    const [{ attempts }] = await service.database.query<{ attempts: number }>('SELECT max(upload_attempts) AS attempts FROM image');
    expect(attempts).toBe(1);
  });

  it('numbers the events of every batch without a gap', async () => {
    const gaps = await service.database.query(
      `SELECT batch_id FROM image_event JOIN batch ON batch.id = batch_id GROUP BY batch_id, last_event
       HAVING count(*) <> last_event OR min(number) <> 1 OR max(number) <> last_event OR last_event <> 20`,
    );
    expect(gaps).toEqual([]);
  });

  it('draws all pictures of one series differently', () => {
    expect(new Set(rows.map(({ sha256 }) => sha256)).size).toBe(rows.length);
  });
}
