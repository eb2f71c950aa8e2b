/** What is wrong with one file of the workflow folder. */
export interface FileFault {
  /** File name without its folder. */
  file: string;
  reason: string;
}

/** Some workflow files cannot work. The message names each file with each reason; the service must not start with them. */
export class WorkflowFileError extends Error {
  constructor(readonly faults: FileFault[]) {
    super(['These workflow files cannot be used:', ...faults.map(({ file, reason }) => `  - ${file}: ${reason}`)].join('\n'));
    this.name = 'WorkflowFileError';
  }
}

/** What is wrong with one field of what was asked of a workflow, such as `parameters.denoise`. */
export interface FieldFault {
  field: string;
  message: string;
}

/** A workflow cannot be run with these values: one message for each field. */
export class WorkflowInputError extends Error {
  constructor(
    workflow: string,
    readonly faults: FieldFault[],
  ) {
    super(`The workflow ${workflow} cannot be run like this: ${faults.map(({ field, message }) => `${field} ${message}`).join('; ')}.`);
    this.name = 'WorkflowInputError';
  }
}

/** No workflow has this name. */
export class UnknownWorkflowError extends Error {
  constructor(workflow: string) {
    super(`There is no workflow named ${workflow}.`);
    this.name = 'UnknownWorkflowError';
  }
}
