import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { INSTANT } from '../database/column-types.js';
import { BatchStatus } from './batch-status.js';
import { Batch } from './batch.entity.js';
import { ImageError } from './image-error.js';
import { ImageStatus } from './image-status.js';
import { Image } from './image.entity.js';

@ObjectType({
  description: "One lawful change of one image's status. Stored with the change itself, in one transaction; never altered afterwards.",
})
@Entity('image_event')
@Index('image_event_of_image', ['imageId', 'number'])
export class ImageEvent {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'image_event_pkey' })
  @ForeignKey(() => Batch, { name: 'image_event_batch_fkey' })
  batchId: string;

  @Field(() => Int, {
    description: '1, 2, 3… within the batch, without gaps, in the order in which the changes were committed.',
  })
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'image_event_pkey' })
  number: number;

  @Field(() => ID)
  @Column('uuid')
  @ForeignKey(() => Image, { name: 'image_event_image_fkey' })
  imageId: string;

  @Field(() => Int)
  @Column('integer')
  position: number;

  @Field(() => Int)
  @Column('integer')
  index: number;

  @Field(() => ImageStatus)
  @Column('enum', { enum: ImageStatus, enumName: 'image_status' })
  status: ImageStatus;

  @Field(() => BatchStatus, { description: "The batch's status right after this event." })
  @Column('enum', { enum: BatchStatus, enumName: 'batch_status' })
  batchStatus: BatchStatus;

  @Field(() => String, { nullable: true, description: 'Set on UPLOADED.' })
  @Column('text', { nullable: true })
  url: string | null;

  @Field(() => ImageError, { nullable: true })
  @Column('jsonb', { nullable: true })
  error: ImageError | null;

  @Field()
  @Column({ ...INSTANT, default: () => 'clock_timestamp()' })
  at: Date;
}
