import { Injectable } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import { BadInputError } from '../api/errors.js';
import { ImageGenerator, WorkflowDescription } from './image-generator.js';

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

  /** The workflow to use: `name`, or the first when none was named. Throws for an unknown one and for parameters that it does not have. */
  choose(name: string | null, parameters: Record<string, unknown> | null): string {
    const known = this.list();
    const wanted = name ?? known[0].name;
    const workflow = known.find((one) => one.name === wanted);
    if (!workflow)
      throw new WorkflowNotFoundError(
        wanted,
        known.map((one) => one.name),
      );
    const unknown = Object.keys(parameters ?? {}).filter((parameter) => !workflow.parameters.includes(parameter));
    if (unknown.length > 0) {
      const message = `workflow ${workflow.name} has no ${unknown.join(', ')}; it has: ${workflow.parameters.join(', ') || 'none'}`;
      throw new BadInputError([{ field: 'parameters', message }]);
    }
    return workflow.name;
  }
}
