import 'reflect-metadata';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { StorageWalk } from '../../src/audit/storage-walk.entity.js';
import { WalkedAsset } from '../../src/audit/walked-asset.entity.js';
import { Caller } from '../../src/auth/caller.js';
import { BackendSighting } from '../../src/backends/backend-sighting.entity.js';
import { Batch } from '../../src/batch/batch.entity.js';
import { BatchService } from '../../src/batch/batch.service.js';
import { Claims } from '../../src/batch/claims.js';
import { HeldImages } from '../../src/batch/held-images.js';
import { ImageEvent } from '../../src/batch/image-event.entity.js';
import { Image } from '../../src/batch/image.entity.js';
import { Ledger } from '../../src/batch/ledger.js';
import { insertBatch } from '../../src/batch/new-batch.js';
import { Rescuer } from '../../src/batch/rescuer.js';
import { Setbacks } from '../../src/batch/setbacks.js';
import { StagedPicture } from '../../src/batch/staged-picture.entity.js';
import { Character } from '../../src/characters/character.entity.js';
import { readConfig } from '../../src/config/config.js';
import { migrations } from '../../src/database/migrations/migrations.js';
import { SnakeCaseNaming } from '../../src/database/snake-case.naming.js';
import { WakeUps } from '../../src/database/wake-ups.js';
import { IdempotencyKey } from '../../src/generation/idempotency-key.entity.js';
import { IndexingService } from '../../src/indexing/indexing.service.js';
import { Series } from '../../src/indexing/series.entity.js';
import { Doorbell } from '../../src/queue/doorbell.js';
import { Heartbeat } from '../../src/queue/heartbeat.js';
import { GENERATION_QUEUE, QueueName } from '../../src/queue/queue-names.js';
import { WorkerProcess } from '../../src/queue/worker-process.entity.js';
import { createDatabase, TestDatabase } from '../service/test-service.js';

const ENTITIES = [
  ...[Batch, Image, ImageEvent, StagedPicture, Series, Character, IdempotencyKey, WorkerProcess, BackendSighting],
  ...[StorageWalk, WalkedAsset],
];

/** As if each claim were made by another process. */
const ROOM = { makeRoom: () => true, giveUp: () => undefined, list: () => [] } as unknown as HeldImages;

/** Whoever may do everything. */
export const ANYBODY = new Caller(null, true);

/** A connection to a database of the tests, with all entities and migrations; nothing is migrated yet. */
export function connect({ url }: TestDatabase): Promise<DataSource> {
  const naming = { namingStrategy: new SnakeCaseNaming() };
  return new DataSource({ type: 'postgres', url, entities: ENTITIES, migrations, poolSize: 20, ...naming }).initialize();
}

/** The ledger on a database of its own, without workers, wake-ups and bells: only the test moves anything. */
export class BareLedger {
  readonly ledger: Ledger;
  readonly claims: Claims;
  /** Owner of all claims; it lives for ever. */
  private readonly processId = randomUUID();
  readonly setbacks = new Setbacks(readConfig({}));
  readonly batches: BatchService;
  readonly indexing: IndexingService;
  readonly rescuer: Rescuer;

  private constructor(
    readonly database: TestDatabase,
    readonly dataSource: DataSource,
  ) {
    this.ledger = new Ledger(dataSource, { ring: () => undefined } as unknown as WakeUps);
    const doorbell = { ring: async () => undefined } as unknown as Doorbell;
    this.claims = new Claims(dataSource, this.ledger, { processId: this.processId } as Heartbeat, ROOM);
    this.batches = new BatchService(dataSource, this.ledger, doorbell);
    const other = { processId: randomUUID(), canJudge: true } as Heartbeat;
    this.rescuer = new Rescuer(dataSource, this.ledger, this.setbacks, ROOM, other, doorbell);
    this.indexing = new IndexingService(dataSource);
  }

  static async open(): Promise<BareLedger> {
    Logger.overrideLogger(['error']);
    const database = await createDatabase();
    const dataSource = await connect(database);
    await dataSource.runMigrations();
    const bare = new BareLedger(database, dataSource);
    await database.query(`INSERT INTO worker_process VALUES ($1, now() + interval '1 day')`, [bare.processId]);
    return bare;
  }

  /** A batch as `generateBatch` writes it. */
  insert(count: number, username = 'ada', character = 'luna'): Promise<Image[]> {
    return this.dataSource.transaction(async (tx) => {
      const { seriesId, indices } = await this.indexing.reserve(tx, username, character, count);
      const asked = {
        id: randomUUID(),
        seriesId,
        username,
        character,
        count,
        prompt: 'p',
        effectivePrompt: 'p',
        workflow: 'demo',
        seed: 1,
      };
      const size = { width: 64, height: 64, steps: null, cfg: null, parameters: null, negativePrompt: null, embedding: null };
      return insertBatch(tx, { ...asked, ...size }, indices, 'filmroll');
    });
  }

  /** Claims the next due image, as a worker does. */
  claim(stage: QueueName): Promise<Image | null> {
    return this.claims.next(stage, async (_, query) => {
      const due = await query.first();
      const terms = ({ generationAttempts, uploadAttempts }: Image) =>
        stage === GENERATION_QUEUE ? { generationAttempts: generationAttempts + 1 } : { uploadAttempts: uploadAttempts + 1 };
      return due && { due, terms };
    });
  }

  /** Everybody who works on this batch dies, and the rescuer finds out. */
  async crash(batchId: string): Promise<void> {
    await this.database.query(
      `UPDATE image SET owner = $2, updated_at = now() - interval '10 s' WHERE batch_id = $1 AND status IN ('GENERATING', 'UPLOADING')`,
      [batchId, randomUUID()],
    );
    await this.rescuer.round();
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.database.drop();
  }
}
