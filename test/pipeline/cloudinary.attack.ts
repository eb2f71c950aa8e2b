import { ConsoleLogger } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { FakeCloudinary } from '../cloudinary/fake-cloudinary.js';
import { faultNames } from '../cloudinary/faults.js';
import { createDatabase, startTestService, TestDatabase } from '../service/test-service.js';
import { ApiClient } from '../service/api-client.js';
import { ChildService } from './child-service.js';
import { StoredTwin } from './stored-twin.js';

const COUNT = 2_000;
const BATCH = 100;
const ALL_WELL = { notUploaded: 0, notInStorage: 0, otherBytes: 0, otherNames: 0, overwritten: 0, madeAgain: 0 };

jest.setTimeout(900_000);

function generate(api: ApiClient, count: number): Promise<string[]> {
  return Promise.all(Array.from({ length: count / BATCH }, () => api.generate({ count: BATCH })));
}

describe.each([
  ['whose check is atomic', true],
  ['whose check is not atomic', false],
])('two thousand images through every kind of fault at once, into a store %s', (_, atomic) => {
  it('are all stored, each once, as what the ledger says', async () => {
    const fake = await FakeCloudinary.start({ lateMs: 2_500, trickleMs: 20, atomic });
    const logged: string[] = [];
    const printer = ConsoleLogger.prototype as unknown as { printMessages(words: unknown[]): void };
    jest.spyOn(printer, 'printMessages').mockImplementation((words) => void logged.push(...words.map(String)));
    const service = await startTestService({ CLOUDINARY_URL: fake.cloudinaryUrl, UPLOAD_TIMEOUT: '2s', LOG_LEVEL: 'verbose' });
    // Those that slow the whole uploader down are rarer, or nothing else would happen.
    for (const name of faultNames) fake.faults[name].withProbability(/rateLimited|tooMany/.test(name) ? 0.01 : 0.02);

    const ids = await generate(service.api, COUNT);
    for (const id of ids) expect(await service.api.ended(id)).toBe('COMPLETED');

    for (const id of ids) expect(await new StoredTwin(service.database, fake).faultsOf(id)).toEqual(ALL_WELL);
    for (const name of faultNames) expect([name, fake.faults[name].struck]).not.toEqual([name, 0]);
    await service.close();
    await fake.close();
    expect(logged.length).toBeGreaterThan(COUNT);
    expect(logged.join('\n')).not.toContain(fake.account.secret);
  });
});

describe('Cloudinary is away for two minutes in the middle', () => {
  let database: TestDatabase;
  let fake: FakeCloudinary;
  let service: ChildService;

  beforeAll(async () => {
    database = await createDatabase();
    fake = await FakeCloudinary.start();
    const settings = { DATABASE_URL: database.url, CLOUDINARY_URL: fake.cloudinaryUrl, DEMO_TIME: '100ms' };
    service = await ChildService.start(settings);
  });

  afterAll(async () => {
    await service?.interrupt();
    await fake.close();
    await database.drop();
  });

  async function residentMiB(): Promise<number> {
    const [, kib] = /VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${service.process.pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1_024;
  }

  it('and nothing is lost, failed or made twice, while memory stays flat', async () => {
    const ids = await generate(service.api, 600);
    await setTimeout(10_000);
    await fake.goAway();
    const memory: number[] = [];
    for (let k = 0; k < 120; k++) {
      await setTimeout(1_000);
      memory.push(await residentMiB());
    }
    await fake.comeBack();
    for (const id of ids) expect(await service.api.ended(id)).toBe('COMPLETED');

    for (const id of ids) expect(await new StoredTwin(database, fake).faultsOf(id)).toEqual(ALL_WELL);
    const [second, last] = [memory.slice(40, 80), memory.slice(80)].map((part) => Math.max(...part));
    expect(last).toBeLessThanOrEqual(1.1 * second);
    expect(service.output.join('\n')).not.toContain(fake.account.secret);
  });
});
