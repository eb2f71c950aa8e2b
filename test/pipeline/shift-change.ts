import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, TestDatabase } from '../service/test-service.js';
import { ChildService } from './child-service.js';

const EVENTS = 'subscription ($batchId: ID!, $after: Int!) { imageStatusChanged(batchId: $batchId, after: $after) { number status } }';
const NODE_OPTIONS = `--import=${join(__dirname, 'block-on-signal.mjs')}`;

/** One image after another on processes that come and go, all on one database. */
export class ShiftChange {
  private readonly services: ChildService[] = [];
  private batchId = '';
  private seen = 0;

  private constructor(
    readonly database: TestDatabase,
    private readonly dataDir: string,
  ) {}

  static async open(): Promise<ShiftChange> {
    return new ShiftChange(await createDatabase(), await mkdtemp(join(tmpdir(), 'filmroll-shift-')));
  }

  async start(settings: Record<string, string>): Promise<ChildService> {
    const service = await ChildService.start({ ...this.settings, ...settings });
    this.services.push(service);
    return service;
  }

  private get settings() {
    return { DATABASE_URL: this.database.url, DATA_DIR: this.dataDir, LOG_LEVEL: 'debug', NODE_OPTIONS };
  }

  /** Asks `service` for one image. */
  async ask({ api }: ChildService): Promise<void> {
    this.batchId = await api.generate({ count: 1 });
    this.seen = 0;
  }

  /** Waits at `service` until the image has this status anew; resolves with the moment when it was told. */
  async told({ api }: ChildService, status: string): Promise<number> {
    for await (const { imageStatusChanged: event } of api.follow(EVENTS, { batchId: this.batchId, after: this.seen })) {
      this.seen = event.number;
      if (event.status === status) return performance.now();
    }
    throw new Error(`The image has come to its end without being ${status}.`);
  }

  async cancel({ api }: ChildService): Promise<void> {
    await api.ask('mutation ($id: ID!) { cancelBatch(id: $id) { status } }', { id: this.batchId });
  }

  /** The newest image, as it is now. */
  async image() {
    const [image] = await this.database.query<{ status: string; generationAttempts: number; lostClaims: number; owner: string | null }>(
      `SELECT status, generation_attempts AS "generationAttempts", lost_claims AS "lostClaims" FROM image WHERE batch_id = $1`,
      [this.batchId],
    );
    return image;
  }

  async close(): Promise<void> {
    for (const service of this.services) {
      service.process.kill('SIGCONT');
      if (service.process.exitCode === null && service.process.signalCode === null) await service.kill();
    }
    await this.database.drop();
    await rm(this.dataDir, { recursive: true });
  }
}
