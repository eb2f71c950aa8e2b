import { type ApiGraph, type InputRef, keyOf, nameOf } from './api-graph.js';
import { findOutputs } from './find-outputs.js';
import { findStandardInputs, type StandardInputs } from './find-standard-inputs.js';
import { graphFaults } from './graph-faults.js';
import { type Parameter, type ParametersFile, readParameters } from './parameters-file.js';
import { Workflow } from './workflow.js';
import type { FileFault } from './workflow-errors.js';

/** What a workflow file and its parameters file hold, as parsed. */
export interface WorkflowFiles {
  graph: unknown;
  parameters: unknown;
}

/**
 * Makes a workflow of the two files, or tells all that is wrong with them. A graph without a place for prompt, seed or size is refused:
 * its pictures would not be the ones that were asked for.
 */
export function readWorkflow(name: string, files: WorkflowFiles): { workflow: Workflow | null; faults: FileFault[] } {
  const broken = graphFaults(files.graph);
  if (broken.length > 0) return { workflow: null, faults: at(`${name}.json`, broken) };
  const graph = files.graph as ApiGraph;
  const file = readParameters(files.parameters, graph);
  const outputs = [...(file.standard.filenamePrefix ?? []), ...findOutputs(graph)];
  const { inputs: found, promptFault } = findStandardInputs(graph, outputs);
  const inputs = { ...found, ...file.standard, filenamePrefix: found.filenamePrefix };
  const faults = [
    ...at(`${name}.json`, [...missing(name, inputs, outputs, promptFault), ...tooLarge(graph, inputs)]),
    ...at(`${name}.parameters.json`, [...file.faults, ...collisions(graph, inputs, file)]),
  ];
  const order = [...new Set(outputs.map(({ node }) => node))];
  return { workflow: faults.length > 0 ? null : new Workflow(name, graph, inputs, file.parameters, order), faults };
}

function at(file: string, reasons: string[]): FileFault[] {
  return reasons.map((reason) => ({ file, reason }));
}

function missing(name: string, inputs: StandardInputs, outputs: InputRef[], promptFault: string | null): string[] {
  if (outputs.length === 0) {
    return ['has no node that saves pictures: it needs a SaveImage (PreviewImage and SaveImageWebsocket leave no file behind)'];
  }
  const none = (standard: keyof StandardInputs) => inputs[standard].length === 0;
  const unnamed = (names: string, what: string) => `${what}; name the input to set as ${names} in ${name}.parameters.json`;
  const faults: string[] = [];
  if (none('prompt')) faults.push(unnamed('"prompt"', promptFault ?? 'no prompt is named'));
  if (none('seed')) faults.push(unnamed('"seed"', 'no seed is found at or behind a sampler, so all pictures would be alike'));
  if (none('width') || none('height')) {
    faults.push(unnamed('"width" and "height"', 'no empty latent (a node with width, height and batch_size) is found for the size'));
  }
  return faults;
}

/** No input may be set by two names. */
function collisions(graph: ApiGraph, inputs: StandardInputs, { parameters }: ParametersFile): string[] {
  const setters = [
    ...Object.entries<InputRef[]>(inputs),
    ...Object.entries<Parameter>(parameters).map(([name, ref]) => [name, [ref]] as const),
  ];
  const first = new Map<string, string>();
  return setters.flatMap(([name, refs]) =>
    refs.flatMap((ref) => {
      const other = first.get(keyOf(ref)) ?? name;
      first.set(keyOf(ref), other);
      return other === name ? [] : [`${name}: ${nameOf(graph, ref.node)} input ${ref.input} is already set by ${other}`];
    }),
  );
}

/** JSON numbers above 2^53-1 do not come through JavaScript as they were written. */
function tooLarge(graph: ApiGraph, inputs: StandardInputs): string[] {
  const seeds = new Set(inputs.seed.map(keyOf));
  return Object.keys(graph).flatMap((node) =>
    Object.entries(graph[node].inputs)
      .filter(([input, value]) => Number.isInteger(value) && !Number.isSafeInteger(value) && !seeds.has(keyOf({ node, input })))
      .map(([input]) => `${nameOf(graph, node)} input ${input} is beyond 2^53-1 and would be changed on its way: write a smaller number`),
  );
}
