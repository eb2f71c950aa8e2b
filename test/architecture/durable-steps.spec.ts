import { lint } from './lint-tree.js';

const RULE = 'durable(named-steps)';
const within = (code: string) => `export const it = async (a: any, b: any) => {\n  ${code}\n};\n`;

/** Title, file and its text: each leaves something behind that no crash is tried at. */
const wrong = [
  ['SQL that inserts', 'src/batch/a.ts', within("await a.dataSource.query('INSERT INTO image VALUES (1)');")],
  ['SQL that updates', 'src/upload/b.ts', within('await a.query(`\n UPDATE image SET turn = ${b}`);')],
  ['SQL that deletes within a query', 'src/upload/c.ts', within("await a.query('WITH gone AS (DELETE FROM staged_picture) SELECT 1');")],
  ['SQL in a constant', 'src/batch/d.ts', "export const SQL = 'update image set turn = 1';\n"],
  ['SQL that takes a number', 'src/indexing/e.ts', within("await a.query('SELECT nextval($1)', [b]);")],
  ['SQL that makes a table', 'src/database/f.ts', within("await a.query('CREATE TABLE more ()');")],
  ['an insert beside the transaction', 'src/batch/g.ts', within('await a.dataSource.manager.insert(b, {});')],
  ['a repository that saves', 'src/characters/h.ts', within('await a.characterRepository.save(b);')],
  ['a query builder', 'src/characters/i.ts', within('await a.manager.createQueryBuilder().delete().from(b).execute();')],
  ['a transaction without a name', 'src/upload/j.ts', within('await a.dataSource.transaction(b);')],
  ['a connection of its own', 'src/upload/k.ts', within('await a.dataSource.createQueryRunner();')],
  ['a request', 'src/generation/l.ts', within("await fetch(a, { method: 'POST' });")],
  ['a request of a storage', 'src/upload/storages/m.ts', within("await fetch(a, { method: 'POST' });")],
  ['jobs', 'src/batch/n.ts', within('await a.queue.addBulk([b]);')],
  ['a queue of its own', 'src/upload/o.ts', "import { Queue } from 'bullmq';\nexport const it = new Queue('it');\n"],
  ['an asset', 'src/upload/p.ts', within('await a.storage.create(b);')],
  ["Cloudinary's SDK", 'src/upload/storages/q.ts', "import { v2 } from 'cloudinary';\nexport const it = v2;\n"],
  ['a file', 'src/upload/r.ts', "import { writeFile } from 'node:fs/promises';\nexport const it = writeFile;\n"],
  ['any file', 'src/upload/s.ts', "import * as fs from 'node:fs';\nexport const it = fs;\n"],
  ["Node's HTTP client", 'src/upload/t.ts', "import { request } from 'node:https';\nexport const it = request;\n"],
];

const right = [
  ['a read', 'src/batch/aa.ts', within("await a.dataSource.query('SELECT updated_at FROM image');")],
  ['a write in a named transaction', 'src/batch/bb.ts', within("await a.inTransaction(a, 'retry batch', (tx: any) => tx.update(b, {}));")],
  ['SQL in a named transaction', 'src/batch/cc.ts', within("await a.open.tx.query('DELETE FROM staged_picture');")],
  [
    'a named step',
    'src/upload/dd.ts',
    within("await a.durable('create asset', () => a.storage.create(b));").replace('a.durable', 'durable'),
  ],
  ['a migration', 'src/database/migrations/ee.ts', within("await a.query('ALTER TABLE image ADD turn bigint');")],
  ['a set', 'src/batch/ff.ts', within('a.claims.delete(b);')],
  ['a hash', 'src/batch/gg.ts', within('a.hash.update(b);')],
  ['a file that is read', 'src/batch/hh.ts', "import { readFile } from 'node:fs/promises';\nexport const it = readFile;\n"],
];

describe('The lint rule of the durable steps', () => {
  let faults: Map<string, string[]>;

  beforeAll(() => {
    faults = lint([...wrong, ...right].map(([, file, text]) => [file, text]));
  });

  it.each(wrong)('refuses %s', (_title, file) => {
    expect(faults.get(file)).toContain(RULE);
  });

  it.each(right)('lets %s pass', (_title, file) => {
    expect(faults.get(file) ?? []).not.toContain(RULE);
  });
});
