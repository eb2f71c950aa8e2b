import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';

export enum Stage {
  GENERATION = 'GENERATION',
  UPLOAD = 'UPLOAD',
}

registerEnumType(Stage, { name: 'Stage', description: 'Which of the two stages an error belongs to.' });

@ObjectType()
export class ImageError {
  @Field(() => Stage)
  stage: Stage;

  @Field({
    description:
      'Stable, upper snake case, for programs: GENERATOR_REJECTED, GENERATOR_UNAVAILABLE, GENERATION_TIMEOUT, EMBEDDING_NOT_FOUND, ' +
      'STORAGE_REJECTED, STORAGE_UNAVAILABLE, PUBLIC_ID_TAKEN, STAGED_BYTES_LOST, WORKER_LOST, …',
  })
  code: string;

  @Field({ description: 'For people. Never holds a secret, a stack trace or a path of the server.' })
  message: string;

  @Field({ description: 'Whether `retryBatch` can be expected to help without anything being changed first.' })
  retryable: boolean;
}
