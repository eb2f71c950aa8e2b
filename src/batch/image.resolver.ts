import { Args, ArgsType, Field, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Connection, isUuid, page, Page, PageArgs } from '../api/page.js';
import { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { Config } from '../config/config.js';
import { Batch } from './batch.entity.js';
import { ImageEvent } from './image-event.entity.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';
import { Loaders } from './loaders.js';

const ImageConnection = Connection(Image, 'Image');

@ArgsType()
class ImagesArgs extends PageArgs {
  @Field(() => String, { nullable: true })
  username?: string;

  @Field(() => String, { nullable: true })
  character?: string;

  @Field(() => ImageStatus, { nullable: true })
  status?: ImageStatus;
}

@Resolver(() => Image)
export class ImageResolver {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly loaders: Loaders,
    private readonly config: Config,
  ) {}

  @Query(() => Image, { nullable: true })
  async image(@CurrentCaller() caller: Caller, @Args('id', { type: () => ID }) id: string): Promise<Image | null> {
    const image = isUuid(id) ? await this.dataSource.manager.findOneBy(Image, { id }) : null;
    return image && caller.maySee(image.username) ? image : null;
  }

  @Query(() => ImageConnection, { name: 'images', description: 'Newest first.' })
  list(@CurrentCaller() caller: Caller, @Args() { username, character, status, ...args }: ImagesArgs): Promise<Page<Image>> {
    const rows = this.dataSource.manager.createQueryBuilder(Image, 'image');
    const whose = caller.listing(username);
    if (whose !== null) rows.andWhere('image.username = :whose', { whose });
    if (character != null) rows.andWhere('image.character = :character', { character });
    if (status) rows.andWhere('image.status = :status', { status });
    return page(rows, args);
  }

  @ResolveField(() => Batch)
  batch(@Parent() { batchId }: Image): Promise<Batch> {
    return this.loaders.batch.load(batchId);
  }

  @ResolveField(() => String, { nullable: true })
  url(@Parent() { url }: Image): string | null {
    return this.config.absoluteUrl(url);
  }

  @ResolveField(() => Image, {
    nullable: true,
    description:
      'The image of the same series with the lowest index that has the same bytes, if that is another one: a duplicate picture under another name. Worked out when read.',
  })
  async duplicateOf(@Parent() image: Image): Promise<Image | null> {
    return image.sha256 === null ? null : this.loaders.duplicateOf.load(image);
  }

  @ResolveField('events', () => [ImageEvent], { description: 'Its story so far.' })
  eventsOf(@Parent() { id }: Image): Promise<ImageEvent[]> {
    return this.loaders.eventsOfImage.load(id);
  }
}
