import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Config } from '../config/config.js';
import { ImageEvent } from './image-event.entity.js';
import { Image } from './image.entity.js';
import { Loaders } from './loaders.js';

@Resolver(() => ImageEvent)
export class ImageEventResolver {
  constructor(
    private readonly loaders: Loaders,
    private readonly config: Config,
  ) {}

  @ResolveField(() => Image, { description: 'The image as it is now.' })
  image(@Parent() { imageId }: ImageEvent): Promise<Image> {
    return this.loaders.image.load(imageId);
  }

  @ResolveField(() => String, { nullable: true })
  url(@Parent() { url }: ImageEvent): string | null {
    return this.config.absoluteUrl(url);
  }
}
