import { Injectable } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { BadInputError } from '../api/errors.js';
import { AskedValues, ImageGenerator, WorkflowDescription } from './image-generator.js';

/** No generator here can run a workflow of this name. */
export class WorkflowNotFoundError extends GraphQLError {
  constructor(name: string, known: string[]) {
    super(`There is no workflow named ${JSON.stringify(name)} here; there is: ${known.join(', ')}.`, {
      extensions: { code: 'WORKFLOW_NOT_FOUND' },
    });
  }
}

/** The graph templates that the generator can run. */
@Injectable()
export class WorkflowsService {
  constructor(private readonly generator: ImageGenerator) {}

  list(): WorkflowDescription[] {
    return this.generator.workflows();
  }

  /** The workflow to use: `name`, or the first when none was named. Throws for an unknown one and for values that it has no place for. */
  choose(name: string | null, asked: AskedValues): string {
    const known = this.list().map((workflow) => workflow.name);
    const workflow = name ?? known[0];
    if (!known.includes(workflow)) throw new WorkflowNotFoundError(workflow, known);
    const faults = this.generator.faultsOf(workflow, asked);
    if (faults.length > 0) throw new BadInputError(faults);
    return workflow;
  }
}
