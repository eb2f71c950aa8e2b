import { Field, HideField, ID, Int, ObjectType } from '@nestjs/graphql';
import { GraphQLSafeInt } from 'graphql-scalars';
import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { INSTANT, SAFE_BIGINT } from '../database/column-types.js';
import { Batch } from './batch.entity.js';
import { ImageError } from './image-error.js';
import { ImageStatus } from './image-status.js';

/** One picture on its way: its index, name and seed are fixed when the row is written, its bytes' hashes once. */
@ObjectType()
@Entity('image')
@Unique('image_series_index', ['seriesId', 'index'])
@Unique('image_batch_position', ['batchId', 'position'])
@Unique('image_public_id', ['publicId'])
@Index('image_newest', ['createdAt', 'id'])
@Index('image_newest_of_user', ['username', 'createdAt', 'id'])
@Index('image_same_bytes', ['seriesId', 'sha256', 'index'])
@Index('image_unfinished', ['status', 'turn', 'id'], { where: `status IN ('QUEUED', 'GENERATING', 'GENERATED', 'UPLOADING')` })
@Index('image_queued_of_user', ['username', 'turn'], { where: `status = 'QUEUED'` })
export class Image {
  @Field(() => ID)
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'image_pkey' })
  id: string;

  @Field(() => ID)
  @Column('uuid')
  @ForeignKey(() => Batch, { name: 'image_batch_fkey' })
  batchId: string;

  @HideField()
  @Column('bigint')
  @ForeignKey('series', { name: 'image_series_fkey' })
  seriesId: string;

  @Field()
  @Column('text')
  username: string;

  @Field()
  @Column('text')
  character: string;

  @Field(() => Int, { description: '1…count: its place within the batch, for display.' })
  @Column('integer')
  position: number;

  @Field(() => Int, { description: 'Its reserved index: unique for ever within (username, character).' })
  @Column('integer')
  index: number;

  @Field({ description: 'Fixed at reservation, before anything is generated; the name under which it is stored.' })
  @Column('text')
  publicId: string;

  @Field(() => GraphQLSafeInt)
  @Column(SAFE_BIGINT)
  seed: number;

  @Field(() => ImageStatus)
  @Column('enum', { enum: ImageStatus, enumName: 'image_status' })
  status: ImageStatus;

  @HideField()
  @Column('integer', { default: 0, comment: 'Fencing token: only who holds the newest may change the image.' })
  attempt: number;

  @HideField()
  @Column({ ...SAFE_BIGINT, comment: 'Virtual start time: unclaimed images are taken in this order, which is fair between users.' })
  turn: number;

  @HideField()
  @Column({ ...INSTANT, default: () => 'now()', comment: 'Not to be claimed before.' })
  retryAt: Date;

  @HideField()
  @Column({ ...INSTANT, nullable: true, comment: 'First transient failure of the stage it is in.' })
  failingSince: Date | null;

  @HideField()
  @Column('integer', { default: 0, comment: 'Claims that died with their worker, in a row.' })
  lostClaims: number;

  @HideField()
  @Column('uuid', { nullable: true, comment: 'The process that holds the claim.' })
  owner: string | null;

  @HideField()
  @Column('uuid', { nullable: true, comment: 'Under which the newest attempt was sent to the backend.' })
  promptId: string | null;

  @Field(() => String, { nullable: true, description: 'Set once UPLOADED.' })
  @Column('text', { nullable: true })
  url: string | null;

  @Field(() => Int, { nullable: true })
  @Column('integer', { nullable: true })
  width: number | null;

  @Field(() => Int, { nullable: true })
  @Column('integer', { nullable: true })
  height: number | null;

  @Field(() => String, { nullable: true, description: 'png, jpg, webp…' })
  @Column('text', { nullable: true })
  format: string | null;

  @Field(() => Int, { nullable: true, description: 'Size of the stored file in bytes; set once GENERATED.' })
  @Column('integer', { nullable: true })
  bytes: number | null;

  @Field(() => String, { nullable: true, description: "Lower-case hex SHA-256 of the file's bytes; set once GENERATED." })
  @Column('text', { nullable: true })
  sha256: string | null;

  @HideField()
  @Column('text', { nullable: true })
  md5: string | null;

  @Field(() => Int, { description: 'Times each stage has been tried.' })
  @Column('integer', { default: 0 })
  generationAttempts: number;

  @Field(() => Int, { description: 'Times each stage has been tried.' })
  @Column('integer', { default: 0 })
  uploadAttempts: number;

  @Field(() => String, {
    nullable: true,
    description: 'Which backend made it, as its configured name or host; never with credentials.',
  })
  @Column('text', { nullable: true })
  backend: string | null;

  @Field(() => ImageError, { nullable: true })
  @Column('jsonb', { nullable: true })
  error: ImageError | null;

  @Field()
  @Column(INSTANT)
  createdAt: Date;

  @Field()
  @Column({ ...INSTANT, default: () => 'now()' })
  updatedAt: Date;

  /** Names the image in every log line about it. */
  get story(): string {
    return `batch ${this.batchId} position ${this.position} index ${this.index} attempt ${this.attempt}`;
  }
}
