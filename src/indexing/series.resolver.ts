import { Args, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { IndexingService } from './indexing.service.js';
import { Series } from './series.entity.js';

@Resolver(() => Series)
export class SeriesResolver {
  constructor(private readonly indexing: IndexingService) {}

  @Query(() => Series, { nullable: true })
  async series(
    @CurrentCaller() caller: Caller,
    @Args('character') character: string,
    @Args('username', { nullable: true }) username?: string,
  ): Promise<Series | null> {
    return this.indexing.find(caller.actingFor(username), character);
  }

  @ResolveField(() => Int, {
    description:
      'The highest index reserved so far, read from the sequence; 0 before the first. Indices only ever go up; gaps are allowed, repeats are impossible.',
  })
  lastIndex(@Parent() series: Series): Promise<number> {
    return this.indexing.lastIndex(series);
  }

  @ResolveField(() => Int)
  imageCount(@Parent() series: Series): Promise<number> {
    return this.indexing.imageCount(series);
  }
}
