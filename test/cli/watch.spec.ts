import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilmrollProcess } from '../audit/filmroll-process.js';
import { ChildService } from '../pipeline/child-service.js';
import { createDatabase, TestDatabase } from '../service/test-service.js';
import { lineOf, linesOf } from './watching.js';

describe('filmroll watch, while the service is restarted', () => {
  let database: TestDatabase;
  let dataDir: string;
  let service: ChildService;

  beforeAll(async () => {
    [database, dataDir] = await Promise.all([createDatabase(), mkdtemp(join(tmpdir(), 'filmroll-watch-'))]);
  });

  afterAll(async () => {
    await service?.kill();
    await database?.drop();
    await rm(dataDir, { recursive: true });
  });

  const start = (port = '0') => {
    return ChildService.start({ DATABASE_URL: database.url, DATA_DIR: dataDir, DEMO_TIME: '500ms', PORT: port });
  };

  it('tells every event once and in order', async () => {
    service = await start();
    const id = await service.api.generate({ count: 6 });
    const watching = FilmrollProcess.start(['watch', id, '--json', '--url', service.api.url], {});
    await lineOf(watching, (line) => line.includes('"UPLOADED"'));
    await service.kill();
    service = await start(new URL(service.api.url).port);
    const { code, stdout, stderr } = await watching.ending;
    const lines = linesOf(stdout);
    const numbers = lines.filter(({ type }) => type === 'event').map(({ number }) => number);

    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('does not answer') });
    expect(numbers).toEqual(Array.from(numbers, (_, at) => at + 1));
    expect(lines.at(-1)).toMatchObject({ type: 'summary', id, status: 'COMPLETED', counts: { uploaded: 6 } });
  });
});
