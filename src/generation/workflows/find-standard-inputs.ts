import { type ApiGraph, type InputRef, keyOf, nameOf, upstream } from './api-graph.js';
import { findCheckpoint, findCfg, findSamplers, findSeeds, findSteps } from './find-sampling.js';
import { findSizes, type Target } from './find-sizes.js';
import { findTexts } from './find-texts.js';
import { literalBehind, valueOf } from './literal.js';

/** The values that every workflow is given, by the names that a parameters file uses for them. */
export const STANDARD_NAMES = [
  'prompt',
  'negativePrompt',
  'seed',
  'width',
  'height',
  'steps',
  'cfg',
  'checkpoint',
  'filenamePrefix',
] as const;
export type StandardName = (typeof STANDARD_NAMES)[number];

/** Name → the inputs that take its value; empty where the graph has no place for it. */
export type StandardInputs = Record<StandardName, Target[]>;

/** What following the links from `outputs` back through the graph finds, and why the prompt is not among it. */
export function findStandardInputs(graph: ApiGraph, outputs: InputRef[]): { inputs: StandardInputs; promptFault: string | null } {
  const behind = new Set(outputs.flatMap(({ node }) => [...upstream(graph, node)]));
  const used = Object.keys(graph).filter((id) => behind.has(id));
  const samplers = findSamplers(graph, used);
  const positive = samplers.flatMap((id) => findTexts(graph, id, 'positive'));
  const inPositive = new Set(positive.map(keyOf));
  const negative = samplers.flatMap((id) => findTexts(graph, id, 'negative')).filter((ref) => !inPositive.has(keyOf(ref)));
  const promptFault = textFault(graph, positive);
  const found: StandardInputs = {
    prompt: promptFault ? [] : positive,
    negativePrompt: textFault(graph, negative) ? [] : negative,
    seed: findSeeds(graph, samplers),
    ...findSizes(graph, used, samplers),
    steps: findSteps(graph, samplers),
    cfg: findCfg(graph, samplers),
    checkpoint: findCheckpoint(graph, samplers),
    filenamePrefix: [...outputs, ...prefixes(graph)],
  };
  return { inputs: atTheirLiterals(graph, found), promptFault };
}

/** Why these text inputs are not one prompt. One encoder may hold different texts (SDXL, Flux): all of them are then set. */
function textFault(graph: ApiGraph, refs: InputRef[]): string | null {
  if (refs.length === 0) return 'no text is found behind the positive input of a sampler';
  const computed = refs.find((ref) => typeof valueOf(graph, ref) !== 'string');
  if (computed) return `the prompt of ${nameOf(graph, computed.node)} is put together by another node`;
  const nodes = [...new Set(refs.map(({ node }) => node))];
  const texts = new Set(refs.map((ref) => valueOf(graph, ref)));
  if (nodes.length === 1 || texts.size === 1) return null;
  return `different texts go into the positive prompt: ${nodes.map((id) => nameOf(graph, id)).join(', ')}`;
}

/** Each input moved to the node that holds its value, except where two names would then set the same one: those links are replaced by the value. */
function atTheirLiterals(graph: ApiGraph, found: StandardInputs): StandardInputs {
  const behind = (ref: Target): Target => ({ ...ref, ...literalBehind(graph, ref) });
  const setters = new Map<string, number>();
  for (const name of STANDARD_NAMES) {
    for (const key of new Set(found[name].map((ref) => keyOf(behind(ref))))) setters.set(key, (setters.get(key) ?? 0) + 1);
  }
  const settle = (ref: Target) => (setters.get(keyOf(behind(ref))) === 1 ? behind(ref) : ref);
  return Object.fromEntries(STANDARD_NAMES.map((name) => [name, distinct(found[name].map(settle))])) as StandardInputs;
}

/** No file of one attempt may carry a name that another could have: whatever is saved besides gets the prefix too. */
function prefixes(graph: ApiGraph): InputRef[] {
  return Object.keys(graph).flatMap((node) => ('filename_prefix' in graph[node].inputs ? { node, input: 'filename_prefix' } : []));
}

function distinct(refs: Target[]): Target[] {
  const keys = refs.map(keyOf);
  return refs.filter((ref, k) => keys.indexOf(keyOf(ref)) === k);
}
