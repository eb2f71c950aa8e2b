import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChildService } from '../pipeline/child-service.js';
import { createDatabase, queueSettings, TestDatabase } from '../service/test-service.js';

type Role = 'api' | 'worker';

/** Processes of several roles on one database and one data directory. */
export class Fleet {
  readonly api: ChildService[] = [];
  readonly worker: ChildService[] = [];

  private constructor(
    readonly database: TestDatabase,
    private readonly settings: Record<string, string>,
  ) {}

  /** Starts all of them at once, on a database in which nothing is yet. */
  static async start(sizes: Record<Role, number>, settings: Record<string, string>): Promise<Fleet> {
    const database = await createDatabase();
    const dataDir = await mkdtemp(join(tmpdir(), 'filmroll-fleet-'));
    const fleet = new Fleet(database, { DATABASE_URL: database.url, DATA_DIR: dataDir, ...queueSettings(), ...settings });
    const roles = Object.entries(sizes).flatMap(([role, size]) => Array<Role>(size).fill(role as Role));
    const started = await Promise.allSettled(roles.map((role) => fleet.add(role)));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed) {
      await fleet.end();
      throw failed.reason;
    }
    return fleet;
  }

  /** Another process. */
  async add(role: Role): Promise<void> {
    this[role].push(await ChildService.start({ ...this.settings, ROLE: role }));
  }

  /** Ends the oldest of the role as an orchestrator does; resolves with its exit code. */
  stopOldest(role: Role): Promise<number | null> {
    return this[role].shift()!.end('SIGTERM');
  }

  async end(): Promise<void> {
    await Promise.all([...this.api, ...this.worker].map((child) => child.kill()));
    await this.database.drop();
    await rm(this.settings.DATA_DIR, { recursive: true });
  }
}
