import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'A graph template that the generators can run.' })
export class Workflow {
  @Field()
  name: string;

  @Field(() => [String], { description: 'Names that `parameters` may set, beside the standard ones.' })
  parameters: string[];
}
