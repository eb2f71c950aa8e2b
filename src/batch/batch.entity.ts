import { Field, Float, HideField, ID, Int, ObjectType } from '@nestjs/graphql';
import { GraphQLJSON, GraphQLSafeInt } from 'graphql-scalars';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { INSTANT, SAFE_BIGINT } from '../database/column-types.js';
import { BatchCounts, BatchStatus } from './batch-status.js';

/** One request for pictures, with everything that decides them as it was when it was made. */
@ObjectType()
@Entity('batch')
@Index('batch_newest', ['createdAt', 'id'])
@Index('batch_newest_of_user', ['username', 'createdAt', 'id'])
export class Batch {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'batch_pkey' })
  id: string;

  @HideField()
  @Column('bigint')
  @ForeignKey('series', { name: 'batch_series_fkey' })
  seriesId: string;

  @Field()
  @Column('text')
  username: string;

  @Field()
  @Column('text')
  character: string;

  @Field()
  @Column('text')
  prompt: string;

  @Field(() => String, { nullable: true })
  @Column('text', { nullable: true })
  negativePrompt: string | null;

  @Field({
    description:
      "The prompt as sent to the generator: the character's prefix and embedding included, as they were when the batch was made.",
  })
  @Column('text')
  effectivePrompt: string;

  @Field(() => String, { nullable: true })
  @Column('text', { nullable: true })
  embedding: string | null;

  @Field()
  @Column('text')
  workflow: string;

  @Field(() => Int)
  @Column('integer')
  width: number;

  @Field(() => Int)
  @Column('integer')
  height: number;

  @Field(() => Int)
  @Column('integer')
  count: number;

  @Field(() => GraphQLSafeInt, { description: 'Seed of the first image.' })
  @Column(SAFE_BIGINT)
  seed: number;

  @Field(() => Int, { nullable: true })
  @Column('integer', { nullable: true })
  steps: number | null;

  @Field(() => Float, { nullable: true })
  @Column('double precision', { nullable: true })
  cfg: number | null;

  @Field(() => GraphQLJSON, { nullable: true })
  @Column('jsonb', { nullable: true })
  parameters: Record<string, unknown> | null;

  @Field(() => BatchStatus)
  @Column('enum', { enum: BatchStatus, enumName: 'batch_status' })
  status: BatchStatus;

  @Field(() => BatchCounts)
  @Column('jsonb')
  counts: BatchCounts;

  @Field(() => Int, { description: 'Number of the newest ImageEvent; pass it as `after` to follow on from here.' })
  @Column('integer')
  lastEvent: number;

  @Field()
  @Column(INSTANT)
  createdAt: Date;

  @Field(() => Date, { nullable: true })
  @Column({ ...INSTANT, nullable: true })
  finishedAt: Date | null;
}
