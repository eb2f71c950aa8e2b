import { Args, ArgsType, Field, ID, Int, Mutation, Parent, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { InjectDataSource } from '@nestjs/typeorm';
import { Max, Min } from 'class-validator';
import { DataSource } from 'typeorm';
import { abortable } from '../api/abortable.js';
import { BadInputError } from '../api/errors.js';
import { Connection, page, Page, PageArgs } from '../api/page.js';
import { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { BatchStatus } from './batch-status.js';
import { Batch } from './batch.entity.js';
import { BatchService } from './batch.service.js';
import { ImageEvent } from './image-event.entity.js';
import { ImageEventsService } from './image-events.service.js';
import { ImageProgress } from './image-progress.js';
import { ImageProgressService } from './image-progress.service.js';
import { Image } from './image.entity.js';
import { Loaders } from './loaders.js';

const BatchConnection = Connection(Batch, 'Batch');

@ArgsType()
class BatchesArgs extends PageArgs {
  @Field(() => String, { nullable: true })
  username?: string;

  @Field(() => String, { nullable: true })
  character?: string;

  @Field(() => BatchStatus, { nullable: true })
  status?: BatchStatus;
}

@ArgsType()
class EventsArgs {
  @Field(() => Int, { defaultValue: 0 })
  @Min(0, { message: 'must not be negative' })
  after: number;

  @Field(() => Int, { defaultValue: 100 })
  @Min(1, { message: 'must be 1…100' })
  @Max(100, { message: 'must be 1…100' })
  first: number;
}

@Resolver(() => Batch)
export class BatchResolver {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly batches: BatchService,
    private readonly events: ImageEventsService,
    private readonly progress: ImageProgressService,
    private readonly loaders: Loaders,
  ) {}

  @Query(() => Batch, { nullable: true })
  batch(@CurrentCaller() caller: Caller, @Args('id', { type: () => ID }) id: string): Promise<Batch | null> {
    return this.batches.find(id, caller);
  }

  @Query(() => BatchConnection, { name: 'batches', description: 'Newest first.' })
  list(@CurrentCaller() caller: Caller, @Args() { username, character, status, ...args }: BatchesArgs): Promise<Page<Batch>> {
    const rows = this.dataSource.manager.createQueryBuilder(Batch, 'batch');
    const whose = caller.listing(username);
    if (whose !== null) rows.andWhere('batch.username = :whose', { whose });
    if (character != null) rows.andWhere('batch.character = :character', { character });
    if (status) rows.andWhere('batch.status = :status', { status });
    return page(rows, args);
  }

  @Mutation(() => Batch, {
    description:
      'Images whose upload has not begun (QUEUED, GENERATING, GENERATED with uploadAttempts 0) become CANCELLED; one whose upload has begun is let finish, ' +
      'for storage may already have it; UPLOADED and FAILED stay. Indices stay used. On an ended batch it changes nothing.',
  })
  cancelBatch(@CurrentCaller() caller: Caller, @Args('id', { type: () => ID }) id: string): Promise<Batch> {
    return this.batches.cancel(id, caller);
  }

  @Mutation(() => Batch, {
    description:
      'FAILED images (all, or those at `positions`) are taken up again: same index, same public id, same seed; bytes that are already safe are not ' +
      'generated again. Reopens the batch: RUNNING, finishedAt null, events go on. An image that is PUBLIC_ID_TAKEN is stored once the other asset is ' +
      'gone, and fails again while it is there.',
  })
  retryBatch(
    @CurrentCaller() caller: Caller,
    @Args('id', { type: () => ID }) id: string,
    @Args('positions', { type: () => [Int], nullable: true }) positions?: number[],
  ): Promise<Batch> {
    return this.batches.retry(id, positions ?? null, caller);
  }

  @Subscription(() => ImageEvent, {
    resolve: (event: ImageEvent) => event,
    description:
      'The events of one batch, each exactly once, in order. `after: N` starts behind event N (0, the default: from the first; above lastEvent: BAD_USER_INPUT), ' +
      'replays what is stored, then goes on live. Completes once the batch has ended and everything up to its lastEvent was sent; an earlier ending that a retry ' +
      'reopened does not end the stream. A client that reconnects with the last number it saw misses nothing.',
  })
  async imageStatusChanged(
    @CurrentCaller() caller: Caller,
    @Args('batchId', { type: () => ID }) batchId: string,
    @Args('after', { type: () => Int, defaultValue: 0 }) after: number,
  ): Promise<AsyncIterableIterator<ImageEvent>> {
    const batch = await this.batches.get(batchId, caller);
    if (after < 0 || after > batch.lastEvent) {
      throw new BadInputError([{ field: 'after', message: `must be within 0…${batch.lastEvent}, the batch's lastEvent` }]);
    }
    return abortable((signal) => this.events.follow(batch.id, after, signal));
  }

  @Subscription(() => ImageProgress, { resolve: (progress: ImageProgress) => progress })
  async imageProgress(
    @CurrentCaller() caller: Caller,
    @Args('batchId', { type: () => ID }) batchId: string,
    @Args('previews', { defaultValue: false }) previews: boolean,
  ): Promise<AsyncIterableIterator<ImageProgress>> {
    const batch = await this.batches.get(batchId, caller);
    return abortable((signal) => this.progress.follow(batch.id, previews, signal));
  }

  @ResolveField(() => [Image], { description: 'In order of position.' })
  images(@Parent() { id }: Batch): Promise<Image[]> {
    return this.loaders.imagesOfBatch.load(id);
  }

  @ResolveField('events', () => [ImageEvent])
  eventsOf(@Parent() { id }: Batch, @Args() { after, first }: EventsArgs): Promise<ImageEvent[]> {
    return this.events.ofBatch(id, after, first);
  }
}
