import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'Where an embedding is, as far as backends that are known have told.' })
export class EmbeddingCheck {
  @Field(() => Int, { description: 'How many backends have it, or take any name.' })
  found: number;

  @Field(() => Int, { description: 'How many backends are known; 0: it cannot be told.' })
  of: number;
}
