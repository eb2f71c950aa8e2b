import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { Stage } from './image-error.js';

@ObjectType({ description: 'Passing progress, never stored, at most a few a second for each image.' })
export class ImageProgress {
  @Field(() => ID)
  imageId: string;

  @Field(() => Int)
  position: number;

  @Field(() => Stage)
  stage: Stage;

  @Field(() => Float, { description: '0…1 within the stage.' })
  fraction: number;

  @Field(() => String, {
    nullable: true,
    description: 'data: URI of a small preview, where the generator offers one and `previews: true` was asked for.',
  })
  preview: string | null;
}
