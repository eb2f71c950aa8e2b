import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { IsObject, IsOptional, Max, Min, ValidateBy } from 'class-validator';
import { GraphQLJSON, GraphQLSafeInt } from 'graphql-scalars';
import { Name, Text } from '../api/text.js';
import { Batch } from '../batch/batch.entity.js';

const SIDE = 'must be 64…2048 and a multiple of 8';

/** A width or height that every generator can make. Pixels. */
function Side(): PropertyDecorator {
  const validate = (value: number) => value >= 64 && value <= 2048 && value % 8 === 0;
  return ValidateBy({ name: 'side', validator: { validate, defaultMessage: () => SIDE } });
}

@InputType()
export class GenerateBatchInput {
  @Field(() => String, {
    nullable: true,
    description:
      'Whose. 1…64 characters of any script. Where callers are authenticated it defaults to the caller, and only an admin may name another; ' +
      'without authentication it is required (BAD_USER_INPUT).',
  })
  @IsOptional()
  @Name()
  username?: string | null;

  @Field({ description: 'Of whom. 1…64 characters of any script; made known by first use.' })
  @Name()
  character: string;

  @Field({ description: '1…10,000 characters.' })
  @Text(1, 10_000)
  prompt: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Text(0, 10_000)
  negativePrompt?: string | null;

  @Field(() => Int, { defaultValue: 4, description: '1…MAX_BATCH_SIZE (100).' })
  @Min(1, { message: 'must be at least 1' })
  count: number;

  @Field(() => Int, { defaultValue: 512, description: '64…2048, a multiple of 8.' })
  @Side()
  width: number;

  @Field(() => Int, { defaultValue: 512, description: '64…2048, a multiple of 8.' })
  @Side()
  height: number;

  @Field(() => GraphQLSafeInt, {
    nullable: true,
    description: 'Seed of the first image, 0…2^53-1-count; image k gets seed + k - 1. Chosen at random and recorded if absent.',
  })
  @IsOptional()
  @Min(0, { message: 'must not be negative' })
  seed?: number | null;

  @Field(() => Int, { nullable: true })
  @IsOptional()
  @Min(1, { message: 'must be 1…10,000' })
  @Max(10_000, { message: 'must be 1…10,000' })
  steps?: number | null;

  @Field(() => Float, { nullable: true })
  @IsOptional()
  @Min(0, { message: 'must be 0…100' })
  @Max(100, { message: 'must be 0…100' })
  cfg?: number | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Text(1, 200)
  workflow?: string | null;

  @Field(() => GraphQLJSON, { nullable: true, description: "Values for the workflow's own parameters." })
  @IsOptional()
  @IsObject({ message: 'must be an object' })
  parameters?: Record<string, unknown> | null;

  @Field(() => String, {
    nullable: true,
    description:
      '1…200 characters. The same key with the same input returns the batch of the first call and reserves nothing; with another input it is refused ' +
      'with IDEMPOTENCY_KEY_REUSED. Kept per user.',
  })
  @IsOptional()
  @Text(1, 200)
  idempotencyKey?: string | null;
}

@ObjectType()
export class GenerateBatchPayload {
  @Field(() => Batch)
  batch: Batch;

  @Field({ description: 'True if an earlier call with the same idempotencyKey made this batch.' })
  replayed: boolean;
}
