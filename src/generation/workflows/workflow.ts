import { type ApiGraph, upstream } from './api-graph.js';
import type { StandardInputs, StandardName } from './find-standard-inputs.js';
import { TEXT_INPUT } from './find-texts.js';
import { parameterFaults } from './parameter-faults.js';
import type { Parameter } from './parameters-file.js';
import { type FieldFault, WorkflowInputError } from './workflow-errors.js';

/** What a caller chose beyond the prompt: null where it chose nothing. */
export interface AskedValues {
  negativePrompt: string | null;
  steps: number | null;
  cfg: number | null;
  /** Parameter name → value. Comes from outside, so it may be anything. */
  parameters: unknown;
}

/** Everything that decides one picture. Null leaves what the workflow file has. */
export interface WorkflowValues extends AskedValues {
  prompt: string;
  /** 0…2^53-1 */
  seed: number;
  /** Pixels. */
  width: number;
  height: number;
  filenamePrefix: string;
  /** The checkpoint for a workflow that leaves its name empty and was given none as a parameter. */
  anyCheckpoint: string | null;
}

/** A graph that is ready to be sent, and what a server must have for it. */
export interface BuiltWorkflow {
  graph: ApiGraph;
  /** Nodes that save pictures, the finished picture's first. */
  outputs: string[];
  /** Every text in which a text encoder may find an `embedding:` word. */
  prompts: string[];
  /** What its checkpoint loaders load; an empty name where none was named or offered. */
  checkpoints: string[];
}

/** One graph and the places in it that take values. The graph itself is never changed. */
export class Workflow {
  constructor(
    readonly name: string,
    private readonly template: ApiGraph,
    private readonly inputs: StandardInputs,
    private readonly parameters: Record<string, Parameter>,
    private readonly outputs: string[],
  ) {}

  /** Names that `parameters` may set. */
  get parameterNames(): string[] {
    return [...(this.inputs.checkpoint.length > 0 ? ['checkpoint'] : []), ...Object.keys(this.parameters)];
  }

  /** What is wrong with these values for this workflow, one message for each field; empty if they can be built. */
  check(asked: AskedValues): FieldFault[] {
    const homeless = (['negativePrompt', 'steps', 'cfg'] as const).filter(
      (name) => asked[name] !== null && asked[name] !== '' && this.inputs[name].length === 0,
    );
    return [
      ...homeless.map((field) => ({ field, message: `has no place in the workflow ${this.name}` })),
      ...parameterFaults(this.name, this.parameterNames, this.parameters, asked.parameters),
    ];
  }

  /** The graph with these values, and batches of one. Values that the graph has no place for are left out. Throws `WorkflowInputError` for wrong parameters. */
  build(values: WorkflowValues): BuiltWorkflow {
    const faults = parameterFaults(this.name, this.parameterNames, this.parameters, values.parameters);
    if (!Number.isSafeInteger(values.seed) || values.seed < 0) {
      faults.push({ field: 'seed', message: 'must be a whole number from 0 to 2^53-1' });
    }
    if (faults.length > 0) throw new WorkflowInputError(this.name, faults);
    const graph = structuredClone(this.template);
    for (const { inputs } of Object.values(graph)) if ('batch_size' in inputs) inputs.batch_size = 1;
    this.setStandard(graph, values);
    this.setParameters(graph, (values.parameters ?? {}) as Record<string, unknown>, values.anyCheckpoint);
    return { graph, outputs: [...this.outputs], prompts: promptsOf(graph), checkpoints: checkpointsOf(graph, this.outputs) };
  }

  private setStandard(graph: ApiGraph, values: WorkflowValues) {
    for (const name of ['prompt', 'negativePrompt', 'seed', 'width', 'height', 'steps', 'cfg', 'filenamePrefix'] as const) {
      const value = values[name];
      if (value !== null) this.set(graph, name, value);
    }
  }

  private setParameters(graph: ApiGraph, given: Record<string, unknown>, anyCheckpoint: string | null) {
    for (const [name, value] of Object.entries(given)) {
      if (name === 'checkpoint') this.set(graph, name, value as string);
      else graph[this.parameters[name].node].inputs[this.parameters[name].input] = value;
    }
    const unnamed = this.inputs.checkpoint.some(({ node, input }) => graph[node].inputs[input] === '');
    if (unnamed && anyCheckpoint !== null) this.set(graph, 'checkpoint', anyCheckpoint);
  }

  private set(graph: ApiGraph, name: StandardName, value: string | number) {
    for (const { node, input, share } of this.inputs[name]) {
      graph[node].inputs[input] = share === undefined ? value : Math.round(Number(value) * share);
    }
  }
}

/** Texts of encoders wherever they lie, and any other text with the word in it (a value node, a styler). */
function promptsOf(graph: ApiGraph): string[] {
  return Object.values(graph).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([name, value]) =>
      typeof value === 'string' && (TEXT_INPUT.test(name) || /embedding:/i.test(value)) ? value : [],
    ),
  );
}

function checkpointsOf(graph: ApiGraph, outputs: string[]): string[] {
  const used = new Set(outputs.flatMap((id) => [...upstream(graph, id)]));
  // Other kinds of nodes call other kinds of files ckpt_name too.
  const loaders = [...used].filter((id) => /checkpoint/i.test(graph[id].class_type));
  return [...new Set(loaders.map((id) => graph[id].inputs.ckpt_name).filter((name) => typeof name === 'string'))];
}
