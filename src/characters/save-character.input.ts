import { Field, InputType } from '@nestjs/graphql';
import { IsOptional, ValidateBy } from 'class-validator';
import { Name, Text } from '../api/text.js';
import { isEmbeddingName } from './compose-prompt.js';

/** A name that ComfyUI can be made to look up. */
function EmbeddingName(): PropertyDecorator {
  const defaultMessage = () => 'must be the name of an embedding, without blanks, commas, colons, quotes or brackets';
  return ValidateBy({
    name: 'embeddingName',
    validator: { validate: (value) => typeof value !== 'string' || isEmbeddingName(value), defaultMessage },
  });
}

@InputType()
export class SaveCharacterInput {
  @Field(() => String, { nullable: true })
  @IsOptional()
  @Name()
  username?: string | null;

  @Field()
  @Name()
  name: string;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Text(1, 200)
  @EmbeddingName()
  embedding?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Text(1, 2_000)
  promptPrefix?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Text(1, 10_000)
  negativePrompt?: string | null;

  @Field(() => String, { nullable: true })
  @IsOptional()
  @Text(1, 200)
  workflow?: string | null;
}
