import { DataSource } from 'typeorm';
import { createDatabase, TestDatabase } from '../service/test-service.js';
import { BareLedger, connect } from './bare-ledger.js';

const HASHES = `sha256 = repeat('a', 64), md5 = repeat('b', 32), bytes = 7`;

describe('the migrations', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createDatabase();
    dataSource = await connect(database);
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function contents(): Promise<object[]> {
    return database.query(
      `SELECT relname AS name, relkind AS kind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname !~ '^(migrations|PK_)'
       UNION ALL SELECT proname, 'function' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       UNION ALL SELECT typname, 'enum' FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e' ORDER BY kind, name`,
    );
  }

  it('go up, down and up again', async () => {
    await dataSource.runMigrations();
    const first = await contents();
    await dataSource.query(`INSERT INTO series (username, "character") VALUES ('ada', 'luna')`);
    await dataSource.query('CREATE SEQUENCE series_1 AS integer');
    for (const _ of dataSource.migrations) await dataSource.undoLastMigration();
    expect(await contents()).toEqual([]);
    await dataSource.runMigrations();
    expect(first.length).toBeGreaterThan(20);
    expect(await contents()).toEqual(first);
  });

  it('leave nothing to generate', async () => {
    await dataSource.runMigrations();
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});

describe('the database itself', () => {
  let bare: BareLedger;

  beforeAll(async () => {
    bare = await BareLedger.open();
    await bare.insert(2);
    await bare.database.query(`UPDATE image SET ${HASHES} WHERE position = 1`);
  });

  afterAll(() => bare.close());

  const identity = [`index = 99`, `public_id = 'mine'`, `position = 9`, `seed = 5`, `id = gen_random_uuid()`];
  const hashes = [`sha256 = repeat('c', 64)`, `sha256 = NULL`, `md5 = NULL`, `bytes = 8`];

  it.each([...identity, ...hashes])('refuses SET %s', async (change) => {
    await expect(bare.database.query(`UPDATE image SET ${change} WHERE position = 1`)).rejects.toThrow('write-once');
  });

  it('takes the hashes once, and everything else at any time', async () => {
    await bare.database.query(`UPDATE image SET ${HASHES} WHERE position = 2`);
    await bare.database.query(`UPDATE image SET ${HASHES}, status = 'FAILED', attempt = 7, url = '/x' WHERE position = 2`);
    expect(await bare.database.query('SELECT attempt, bytes FROM image WHERE position = 2')).toEqual([{ attempt: 7, bytes: 7 }]);
  });

  it('refuses to delete an image', async () => {
    await expect(bare.database.query('DELETE FROM image')).rejects.toThrow('never altered or deleted');
  });

  it.each([`UPDATE image_event SET status = 'FAILED'`, 'DELETE FROM image_event'])('refuses %s', async (sql) => {
    await expect(bare.database.query(sql)).rejects.toThrow('never altered or deleted');
  });

  it('refuses an index or a public id that is taken', async () => {
    const twin = (columns: string) => `INSERT INTO image SELECT (jsonb_populate_record(image, ${columns})).* FROM image WHERE position = 1`;
    const fresh = `'id', gen_random_uuid(), 'position', 3`;
    await expect(bare.database.query(twin(`jsonb_build_object(${fresh}, 'public_id', 'other')`))).rejects.toThrow('image_series_index');
    await expect(bare.database.query(twin(`jsonb_build_object(${fresh}, 'index', 77)`))).rejects.toThrow('image_public_id');
  });
});
