import { Field, InputType } from '@nestjs/graphql';
import { IsOptional, Matches } from 'class-validator';
import { Name, Text } from '../api/text.js';

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
  @Matches(/^[^\s,:()[\]"'\\]+$/, { message: 'must be the name of an embedding, without blanks, commas, colons, quotes or brackets' })
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
