import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import DataLoader from 'dataloader';
import { GraphQLError } from 'graphql';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { NotFoundError, ServiceUnavailableError } from '../api/errors.js';
import { isUuid } from '../api/page.js';
import { Caller } from '../auth/caller.js';
import { BackendsService } from '../backends/backends.service.js';
import { inTransaction } from '../database/transaction.js';
import { Character } from './character.entity.js';
import { EmbeddingCheck } from './embedding-check.model.js';
import { hasEmbedding } from './embedding-words.js';
import { SaveCharacterInput } from './save-character.input.js';

/** No backend that is known has the embedding, so the character could only be drawn as somebody else. */
export class EmbeddingNotFoundError extends GraphQLError {
  constructor(embedding: string) {
    super(
      `No backend has an embedding named ${JSON.stringify(embedding)}. Put the file into ComfyUI's embeddings folder, or mend the name.`,
      {
        extensions: { code: 'EMBEDDING_NOT_FOUND' },
      },
    );
  }
}

/** Who is drawn, and with which embedding. */
@Injectable()
export class CharactersService {
  /** One look at the backends for all characters of a list. */
  private readonly checks = new DataLoader((embeddings: readonly string[]) => this.checkAll(embeddings), { cache: false });

  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly backends: BackendsService,
  ) {}

  find(username: string, name: string): Promise<Character | null> {
    return this.dataSource.manager.findOneBy(Character, { username, name });
  }

  /** Creates or replaces, under the same id; an embedding is only taken when a backend is known to have it. */
  async save(input: SaveCharacterInput, username: string): Promise<Character> {
    const { name, embedding = null, promptPrefix = null, negativePrompt = null, workflow = null } = input;
    if (embedding !== null) await this.requireEmbedding(embedding);
    const values = { embedding, promptPrefix, negativePrompt, workflow, updatedAt: () => 'clock_timestamp()' };
    return inTransaction(this.dataSource, 'save character', async (tx) => {
      const replaced = ['embedding', 'prompt_prefix', 'negative_prompt', 'workflow', 'updated_at'];
      const row = { id: uuidv7(), username, name, ...values };
      await tx.createQueryBuilder().insert().into(Character).values(row).orUpdate(replaced, ['username', 'name']).execute();
      return tx.findOneByOrFail(Character, { username, name });
    });
  }

  /** Batches keep the character as it was when they were made. Throws NotFoundError. */
  async delete(id: string, caller: Caller): Promise<boolean> {
    const character = isUuid(id) ? await this.dataSource.manager.findOneBy(Character, { id }) : null;
    if (!character || !caller.maySee(character.username)) throw new NotFoundError('Character');
    await inTransaction(this.dataSource, 'delete character', (tx) => tx.delete(Character, { id }));
    return true;
  }

  /** Where an embedding is now. */
  check(embedding: string): Promise<EmbeddingCheck> {
    return this.checks.load(embedding);
  }

  private async requireEmbedding(embedding: string): Promise<void> {
    const { found, of } = await this.check(embedding);
    if (of === 0) throw new ServiceUnavailableError('No backend is known just now that could be asked for the embedding. Try again later.');
    if (found === 0) throw new EmbeddingNotFoundError(embedding);
  }

  private async checkAll(embeddings: readonly string[]): Promise<EmbeddingCheck[]> {
    const lists = await this.backends.embeddingLists();
    const isOn = (list: string[] | null, embedding: string) => list === null || hasEmbedding(list, embedding);
    return embeddings.map((embedding) => ({ found: lists.filter((list) => isOn(list, embedding)).length, of: lists.length }));
  }
}
