import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataDirectoryError, explain } from './data-directory-error.js';
import { EmbeddedPostgres } from './embedded-postgres.js';

const isRoot = process.geteuid?.() === 0;
const scratch = join(tmpdir(), `filmroll-refused-${process.pid}`);

// Under root PostgreSQL runs as somebody else, who must be able to pass.
beforeAll(() => {
  mkdirSync(scratch);
  chmodSync(scratch, 0o711);
});

afterAll(() => rmSync(scratch, { recursive: true }));

async function refusal(folder: string): Promise<string> {
  const error: unknown = await EmbeddedPostgres.start(folder).catch((reason) => reason);
  expect(error).toBeInstanceOf(DataDirectoryError);
  return (error as DataDirectoryError).message;
}

describe('a start says in one line why a folder cannot hold the database:', () => {
  test('it is a file or below one', async () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    expect(await refusal(file)).toBe(`${file} is a file or lies below one; set DATA_DIR to a folder`);
    expect(await refusal(join(file, 'below'))).toBe(`${file}/below is a file or lies below one; set DATA_DIR to a folder`);
  });

  test('it cannot be written', async () => {
    const closed = join(scratch, 'closed');
    mkdirSync(closed, { mode: 0o500 });
    // No folder is closed to root but those of the kernel.
    expect(await refusal(isRoot ? '/sys/filmroll' : closed)).toMatch(
      /cannot be used by the user that runs Filmroll; change its owner or permissions/,
    );
  });

  test('no folder can be made there', async () => {
    expect(await refusal('/proc/filmroll')).toBe('/proc/filmroll cannot be made there; set DATA_DIR to another folder');
  });

  test('another folder named postgres is in the way', async () => {
    const taken = join(scratch, 'taken');
    mkdirSync(join(taken, 'postgres', 'mine'), { recursive: true });
    expect(await refusal(taken)).toMatch(/has a folder named postgres that is no database; move it away/);
  });
});

describe('explain puts into words', () => {
  test('a full disk, from the system, initdb or the log', () => {
    const sentence = 'There is no space left for the database in data; free some or set DATA_DIR to a folder on another disk';
    expect(explain('data', Object.assign(new Error('write'), { code: 'ENOSPC' })).message).toBe(sentence);
    expect(explain('data', { code: 1, stderr: 'initdb: error: could not write file "x": No space left on device\n' }).message).toBe(
      sentence,
    );
    expect(
      explain('data', 'FATAL:  could not extend file "base/1/2": wrote only 1 of 2 bytes\nHINT:  Check free disk space.').message,
    ).toBe(sentence);
  });

  test('what PostgreSQL logged last before it gave up', () => {
    const log = [
      '2026-01-01 10:00:00.000 UTC [7] LOG:  starting PostgreSQL',
      '2026-01-01 10:00:00.001 UTC [7] PANIC:  could not locate a valid checkpoint record',
      '2026-01-01 10:00:00.002 UTC [7] LOG:  database system is shut down',
    ];
    expect(explain('data', log.join('\n')).message).toBe(
      'The database in data cannot be started: could not locate a valid checkpoint record',
    );
    expect(explain('data', '').message).toBe('The database in data cannot be started: PostgreSQL ended without a word');
  });
});
