import { type ApiGraph, type InputRef, isLink, upstream } from './api-graph.js';
import type { Target } from './find-sizes.js';
import { valueOf } from './literal.js';

/** Every sampler among the nodes `used`: a node that a latent_image is linked to. */
export function findSamplers(graph: ApiGraph, used: string[]): string[] {
  return used.filter((id) => isLink(graph[id].inputs.latent_image));
}

/** Every sampler's seed, on the sampler or on the node that makes its noise. */
export function findSeeds(graph: ApiGraph, samplers: string[]): InputRef[] {
  return samplers.flatMap((id) => inputBehind(graph, id, ['noise'], ['seed', 'noise_seed']) ?? []);
}

/**
 * The steps of the first samplers, and of later ones (refiner, second pass) that have the same number in the file; where samplers hand over to each other at a
 * step, that step keeps its share of the whole.
 */
export function findSteps(graph: ApiGraph, samplers: string[]): Target[] {
  const steps = sameAsFirst(graph, samplers, ['sigmas'], ['steps']);
  return [...steps, ...steps.flatMap((ref) => handovers(graph, ref))];
}

/** The cfg of the first samplers, and of later ones that have the same number in the file. */
export function findCfg(graph: ApiGraph, samplers: string[]): InputRef[] {
  return sameAsFirst(graph, samplers, ['guider'], ['cfg']);
}

/** Where the first samplers' model is loaded, and those of later ones that load the same. */
export function findCheckpoint(graph: ApiGraph, samplers: string[]): InputRef[] {
  return sameAsFirst(graph, samplers, ['model', 'guider'], ['ckpt_name', 'unet_name']);
}

function sameAsFirst(graph: ApiGraph, samplers: string[], via: string[], names: string[]): InputRef[] {
  const found = samplers.flatMap((id) => {
    const ref = inputBehind(graph, id, via, names);
    return ref ? [{ id, ref, value: valueOf(graph, ref) }] : [];
  });
  const firsts = found.filter(({ id }) => !samplers.some((other) => other !== id && upstream(graph, id).has(other)));
  return found.filter(({ value }) => firsts.some((first) => first.value === value)).map(({ ref }) => ref);
}

/** The input of `id` with one of these names, or else of the node that one of the inputs `via` leads to, through nodes that pass it on under that name. */
function inputBehind(graph: ApiGraph, id: string, via: string[], names: string[]): InputRef | null {
  const { inputs } = graph[id];
  const own = names.find((name) => name in inputs);
  if (own) return { node: id, input: own };
  const link = via.map((name) => inputs[name]).find(isLink);
  return link ? inputBehind(graph, link[0], via, names) : null;
}

function handovers(graph: ApiGraph, { node, input }: InputRef): Target[] {
  const steps = Number(valueOf(graph, { node, input }));
  return ['start_at_step', 'end_at_step'].flatMap((name) => {
    const at = graph[node].inputs[name];
    return typeof at === 'number' && at > 0 && at < steps ? { node, input: name, share: at / steps } : [];
  });
}
