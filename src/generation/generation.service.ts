import { Injectable, Logger } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { randomInt } from 'node:crypto';
import { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { BadInputError } from '../api/errors.js';
import { Caller } from '../auth/caller.js';
import { Batch } from '../batch/batch.entity.js';
import { Image } from '../batch/image.entity.js';
import { insertBatch, NewBatch } from '../batch/new-batch.js';
import { CharactersService } from '../characters/characters.service.js';
import { composePrompt } from '../characters/compose-prompt.js';
import { unseenEmbeddingWords } from '../characters/embedding-words.js';
import { Config } from '../config/config.js';
import { inTransaction, violatedConstraint } from '../database/transaction.js';
import { IndexingService } from '../indexing/indexing.service.js';
import { Doorbell } from '../queue/doorbell.js';
import { GENERATION_QUEUE } from '../queue/queue-names.js';
import { GenerateBatchInput, GenerateBatchPayload } from './generate-batch.input.js';
import { findFirstBatch, takeKey } from './idempotency.js';
import { WorkflowsService } from './workflows.service.js';

/** A restored backup can leave a sequence behind its images; moving it on once is enough unless somebody restores again meanwhile. */
const RESERVATIONS_AT_MOST = 5;

/** One that nobody has saved: its name alone makes it known. */
const UNKNOWN_CHARACTER = { embedding: null, promptPrefix: null, negativePrompt: null, workflow: null };

/** The most that `randomInt` can draw from. */
const HIGHEST_RANDOM_SEED = 2 ** 48 - 1;

type Written = { batchId: string; images: Image[]; replayed: boolean };

@Injectable()
export class GenerationService {
  private readonly logger = new Logger(GenerationService.name);

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly config: Config,
    private readonly indexing: IndexingService,
    private readonly characters: CharactersService,
    private readonly workflows: WorkflowsService,
    private readonly doorbell: Doorbell,
  ) {}

  /** Reserves indices and records the batch in one transaction, rings the bell and returns; what goes wrong before leaves no trace. */
  async generateBatch(input: GenerateBatchInput, caller: Caller): Promise<GenerateBatchPayload> {
    const username = caller.actingFor(input.username);
    const { batchId, images, replayed } = (await this.replay(input, username)) ?? (await this.make(input, username));
    const batch = await this.dataSource.manager.findOneByOrFail(Batch, { id: batchId });
    if (!replayed) this.logger.log(`batch ${batchId}: images accepted under indices ${images.map(({ index }) => index).join(' ')}`);
    void this.doorbell.ring(GENERATION_QUEUE, images);
    return { batch, replayed };
  }

  /** What the same request has made already: that it would be refused by now, for a workflow that is gone, is nothing to its sender. */
  private async replay(input: GenerateBatchInput, username: string): Promise<Written | null> {
    const batchId = await findFirstBatch(this.dataSource.manager, username, input);
    return batchId === null ? null : { batchId, images: [], replayed: true };
  }

  private async make(input: GenerateBatchInput, username: string): Promise<Written> {
    this.checkAgainstSettings(input);
    this.refuseUnseenEmbeddings(input);
    return this.write(await this.plan(input, username), input);
  }

  private checkAgainstSettings({ count, seed }: GenerateBatchInput): void {
    const { MAX_BATCH_SIZE } = this.config;
    if (count > MAX_BATCH_SIZE) throw new BadInputError([{ field: 'count', message: `must be 1…${MAX_BATCH_SIZE}` }]);
    const highest = Number.MAX_SAFE_INTEGER - count;
    if (seed && seed > highest) throw new BadInputError([{ field: 'seed', message: `must be 0…${highest} for ${count} images` }]);
  }

  /** ComfyUI would take such a word for plain text and draw somebody else without a word. */
  private refuseUnseenEmbeddings({ prompt, negativePrompt }: GenerateBatchInput): void {
    const faults = Object.entries({ prompt, negativePrompt: negativePrompt ?? '' }).flatMap(([field, text]) =>
      unseenEmbeddingWords(text).map((word) => ({
        field,
        message: `"${word.slice(0, 80)}" is not seen as an embedding: put a blank before it`,
      })),
    );
    if (faults.length > 0) throw new BadInputError(faults);
  }

  /** Everything that decides the pictures, as the character is now. */
  private async plan(input: GenerateBatchInput, username: string): Promise<Omit<NewBatch, 'seriesId'>> {
    const { character, prompt, count, width, height, steps = null, cfg = null, parameters = null } = input;
    // The character's own negative prompt is a wish, which a workflow without a place for it may leave out.
    const asked = { negativePrompt: input.negativePrompt ?? null };
    const { embedding, promptPrefix, ...fallback } = (await this.characters.find(username, character)) ?? UNKNOWN_CHARACTER;
    return {
      ...{ id: uuidv7(), username, character, prompt, count, width, height, steps, cfg, parameters, embedding },
      negativePrompt: input.negativePrompt ?? fallback.negativePrompt,
      effectivePrompt: composePrompt({ embedding, promptPrefix, prompt }),
      workflow: this.workflows.choose(input.workflow ?? fallback.workflow, { ...asked, steps, cfg, parameters }),
      seed: input.seed ?? randomInt(HIGHEST_RANDOM_SEED),
    };
  }

  private async write(plan: Omit<NewBatch, 'seriesId'>, input: GenerateBatchInput): Promise<Written> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await inTransaction(this.dataSource, 'reserve indices', (tx) => this.writeOnce(tx, plan, input));
      } catch (error) {
        if (!isIndexTaken(error) || attempt === RESERVATIONS_AT_MOST) throw error;
        this.logger.error(`The sequence of ${JSON.stringify([plan.username, plan.character])} is behind its images; moving it on.`);
        await this.indexing.moveOn(plan.username, plan.character);
      }
    }
  }

  private async writeOnce(tx: EntityManager, plan: Omit<NewBatch, 'seriesId'>, input: GenerateBatchInput): Promise<Written> {
    const batchId = await takeKey(tx, plan.username, input, plan.id);
    if (batchId !== plan.id) return { batchId, images: [], replayed: true };
    const { seriesId, indices } = await this.indexing.reserve(tx, plan.username, plan.character, plan.count);
    const images = await insertBatch(tx, { ...plan, seriesId }, indices, this.config.PUBLIC_ID_PREFIX);
    return { batchId, images, replayed: false };
  }
}

function isIndexTaken(error: unknown): boolean {
  return ['image_series_index', 'image_public_id'].includes(violatedConstraint(error) ?? '');
}
