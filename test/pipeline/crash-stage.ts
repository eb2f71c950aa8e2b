import { randomUUID } from 'node:crypto';
import { FakeCloudinary } from '../cloudinary/fake-cloudinary.js';
import { FakeComfyUI } from '../comfyui/fake-comfyui.js';
import { TestDatabase } from '../service/test-service.js';
import { Crew } from './crew.js';
import { ledgerFaults } from './ledger-faults.js';
import { StoredTwin } from './stored-twin.js';

const GENERATE = 'mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { batch { id } } }';
const RETRY = 'mutation ($id: ID!) { retryBatch(id: $id) { status } }';
const FAILED = 'query ($id: ID!) { batch(id: $id) { counts { failed } } }';

/** Where a crash story is told: a service, and what it works with. */
export class CrashStage {
  readonly batchIds: string[] = [];

  constructor(
    readonly crew: Pick<Crew, 'insist' | 'signalWorker'>,
    readonly database: TestDatabase,
    readonly comfyui: FakeComfyUI,
    readonly cloudinary: FakeCloudinary,
  ) {}

  /** Asks for a batch until it is accepted, always with the same key. */
  async generate(count: number): Promise<string> {
    const input = { username: 'ada', character: 'luna', prompt: 'dusk', width: 64, height: 64, count, idempotencyKey: randomUUID() };
    const { generateBatch } = await this.crew.insist((api) => api.ask(GENERATE, { input }));
    this.batchIds.push(generateBatch.batch.id);
    return generateBatch.batch.id;
  }

  /** Waits for the end of a batch, with images that failed being taken up again. */
  async end(batchId: string): Promise<void> {
    for (;;) {
      await this.crew.insist((api) => api.ended(batchId));
      // A batch that is cancelled after its first picture has ended for good too: only what failed can be taken up again.
      const { batch } = await this.crew.insist((api) => api.ask(FAILED, { id: batchId }));
      if (batch.counts.failed === 0) return;
      await this.crew.insist((api) => api.ask(RETRY, { id: batchId }));
    }
  }

  async endAll(): Promise<void> {
    for (const id of this.batchIds) await this.end(id);
  }

  /** Everything that must not be, and is: nothing when all is well. */
  async faults(): Promise<string[]> {
    const batches = await this.database.query<{ id: string; status: string }>('SELECT id, status FROM batch');
    const images = await this.database.query<{ status: string; publicId: string }>('SELECT status, public_id AS "publicId" FROM image');
    const twice = await this.database.query(
      `SELECT image_id FROM image_event WHERE status = 'UPLOADED' GROUP BY image_id HAVING count(*) > 1`,
    );
    const uploaded = new Set(images.filter(({ status }) => status === 'UPLOADED').map(({ publicId }) => publicId));
    const missing = [...uploaded].filter((publicId) => !this.cloudinary.assets.has(publicId));
    const unproven = [...this.cloudinary.assets.keys()].filter((publicId) => !uploaded.has(publicId));
    const counts = {
      'batches that nobody asked for': batches.length - this.batchIds.length,
      'images without an end': images.filter(({ status }) => status !== 'UPLOADED' && status !== 'CANCELLED').length,
      'images that became UPLOADED twice': twice.length,
      'images that are UPLOADED and not stored': missing.length,
      'pictures that are stored and not UPLOADED': unproven.length,
      ...(await this.storageFaults(batches.filter(({ status }) => status === 'COMPLETED').map(({ id }) => id))),
    };
    const told = Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));
    return [...told, ...(await ledgerFaults(this.database))];
  }

  /** How many pictures ComfyUI has drawn more than once. */
  drawnAgain(): number {
    const drawn = this.comfyui.executions.flatMap(({ pictures, seed }) => (pictures.length > 0 ? [seed] : []));
    return drawn.length - new Set(drawn).size;
  }

  private async storageFaults(batchIds: string[]): Promise<Record<string, number>> {
    const twin = new StoredTwin(this.database, this.cloudinary);
    const sum: Record<string, number> = {};
    for (const id of batchIds) {
      // How often ComfyUI has really drawn is counted where it draws.
      const { madeAgain: _, ...faults } = await twin.faultsOf(id);
      for (const [what, count] of Object.entries(faults)) sum[what] = (sum[what] ?? 0) + count;
    }
    return sum;
  }
}
