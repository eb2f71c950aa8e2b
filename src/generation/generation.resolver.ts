import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Caller } from '../auth/caller.js';
import { CurrentCaller } from '../auth/current-caller.js';
import { GenerateBatchInput, GenerateBatchPayload } from './generate-batch.input.js';
import { GenerationService } from './generation.service.js';
import { Workflow } from './workflow.model.js';
import { WorkflowsService } from './workflows.service.js';

@Resolver()
export class GenerationResolver {
  constructor(
    private readonly generation: GenerationService,
    private readonly workflowsService: WorkflowsService,
  ) {}

  @Mutation(() => GenerateBatchPayload, {
    description:
      'Reserves `count` indices and records the batch in one transaction, then returns at once. Never waits for a generator: what only a backend can know ' +
      '(an embedding that none has) shows on the images.',
  })
  generateBatch(@CurrentCaller() caller: Caller, @Args('input') input: GenerateBatchInput): Promise<GenerateBatchPayload> {
    return this.generation.generateBatch(input, caller);
  }

  @Query(() => [Workflow])
  workflows(): Workflow[] {
    return this.workflowsService.list();
  }
}
