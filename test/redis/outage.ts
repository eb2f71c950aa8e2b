import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildService } from '../pipeline/child-service.js';
import { ledgerFaults } from '../pipeline/ledger-faults.js';
import { RedisServer } from '../service/redis-server.js';
import { createDatabase, TestDatabase } from '../service/test-service.js';

/** A service with its queue on a Redis that the test can take away. */
export class Outage {
  private constructor(
    readonly redis: RedisServer,
    readonly database: TestDatabase,
    readonly service: ChildService,
    private readonly dataDir: string,
  ) {}

  static async prepare(settings: Record<string, string>): Promise<Outage> {
    const [redis, database] = [await RedisServer.start(), await createDatabase()];
    const dataDir = await mkdtemp(join(tmpdir(), 'filmroll-outage-'));
    const own = { DATABASE_URL: database.url, REDIS_URL: redis.url, DATA_DIR: dataDir, GENERATOR_SLOTS: '4' };
    const service = await ChildService.start({ ...own, ...settings }).catch(async (error) => {
      await Promise.all([redis.remove(), database.drop(), rm(dataDir, { recursive: true })]);
      throw error;
    });
    return new Outage(redis, database, service, dataDir);
  }

  /** Resolves when so many more images have been stored than when it was called. */
  async untilStored(more: number): Promise<void> {
    const stored = async () => (await this.database.query(`SELECT count(*)::int AS n FROM image WHERE status = 'UPLOADED'`))[0].n as number;
    for (const enough = (await stored()) + more; (await stored()) < enough;);
  }

  /** What a batch of `count` images has come to, when it has come to its end. */
  async outcome(batchId: string): Promise<object> {
    const status = await this.service.api.ended(batchId);
    const [row] = await this.database.query(
      `SELECT count(DISTINCT index)::int AS indices, count(DISTINCT sha256)::int AS pictures, max(generation_attempts) AS attempts
       FROM image WHERE batch_id = $1 AND status = 'UPLOADED'`,
      [batchId],
    );
    return { status, ...row, faults: await ledgerFaults(this.database) };
  }

  /** Lines of the log that tell of trouble. */
  get troubles(): string[] {
    return this.service.output.filter((line) => /WARN|ERROR/.test(line) || !/\bLOG\b|ready at|SIG(INT|TERM)/.test(line));
  }

  async end(): Promise<void> {
    this.redis.thaw();
    if (this.service.process.exitCode === null && this.service.process.signalCode === null) await this.service.kill();
    await this.redis.remove();
    await this.database.drop();
    await rm(this.dataDir, { recursive: true });
  }
}

/** What every batch comes to, whatever becomes of Redis. */
export function whole(count: number): object {
  return { status: 'COMPLETED', indices: count, pictures: count, attempts: 1, faults: [] };
}
