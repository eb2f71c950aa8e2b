import { Args, ArgsType, Field, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Connection, page, Page, PageArgs } from '../api/page.js';
import { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { IndexingService } from '../indexing/indexing.service.js';
import { Series } from '../indexing/series.entity.js';
import { Character } from './character.entity.js';
import { CharactersService } from './characters.service.js';
import { EmbeddingCheck } from './embedding-check.model.js';
import { SaveCharacterInput } from './save-character.input.js';

const CharacterConnection = Connection(Character, 'Character');

@ArgsType()
class CharactersArgs extends PageArgs {
  @Field(() => String, { nullable: true })
  username?: string;
}

@Resolver(() => Character)
export class CharactersResolver {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly characters: CharactersService,
    private readonly indexing: IndexingService,
  ) {}

  @Query(() => Character, { nullable: true })
  character(
    @CurrentCaller() caller: Caller,
    @Args('name') name: string,
    @Args('username', { nullable: true }) username?: string,
  ): Promise<Character | null> {
    return this.characters.find(caller.actingFor(username), name);
  }

  @Query(() => CharacterConnection, { name: 'characters' })
  list(@CurrentCaller() caller: Caller, @Args() { username, ...args }: CharactersArgs): Promise<Page<Character>> {
    const rows = this.dataSource.manager.createQueryBuilder(Character, 'character');
    const whose = caller.listing(username);
    if (whose !== null) rows.andWhere('character.username = :whose', { whose });
    return page(rows, args);
  }

  @Mutation(() => Character, {
    description:
      'Creates or replaces; refuses an embedding that no known backend has (EMBEDDING_NOT_FOUND), and answers SERVICE_UNAVAILABLE where an embedding ' +
      'cannot be checked because no backend is known.',
  })
  saveCharacter(@CurrentCaller() caller: Caller, @Args('input') input: SaveCharacterInput): Promise<Character> {
    return this.characters.save(input, caller.actingFor(input.username));
  }

  @Mutation(() => Boolean)
  deleteCharacter(@CurrentCaller() caller: Caller, @Args('id', { type: () => ID }) id: string): Promise<boolean> {
    return this.characters.delete(id, caller);
  }

  /** A character of which nothing was made yet has a series too: an empty one, without a row. */
  @ResolveField(() => Series)
  async series(@Parent() { username, name }: Character): Promise<Partial<Series>> {
    return (await this.indexing.find(username, name)) ?? { username, character: name };
  }

  @ResolveField(() => EmbeddingCheck, { nullable: true, description: 'Where its embedding is now; null where it has none.' })
  embeddingCheck(@Parent() { embedding }: Character): Promise<EmbeddingCheck> | null {
    return embedding === null ? null : this.characters.check(embedding);
  }
}
