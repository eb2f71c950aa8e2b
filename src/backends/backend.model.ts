import { Field, Int, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'A generator that images can be sent to, as last seen.' })
export class Backend {
  @Field()
  name: string;

  @Field()
  healthy: boolean;

  @Field(() => String, { nullable: true })
  version: string | null;

  @Field(() => Int, { description: 'Our images it is working on or holding in its own queue.' })
  inFlight: number;

  @Field(() => String, { nullable: true })
  lastError: string | null;

  @Field(() => Date, { nullable: true })
  lastSeenAt: Date | null;
}
