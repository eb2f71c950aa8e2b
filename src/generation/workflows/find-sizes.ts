import { type ApiGraph, type InputRef, isLink, upstream } from './api-graph.js';
import { valueOf } from './literal.js';

/** An input to set, whole or, where `share` is given, to that share of the value (rounded). */
export interface Target extends InputRef {
  share?: number;
}

const SIDES = ['width', 'height'] as const;

/**
 * The inputs that decide the size of the picture: those of every empty latent (any node with width, height and batch_size) behind a sampler; of later
 * nodes that enlarge it, in the proportion that they have in the file; and of nodes beside it that hold the same size (CLIPTextEncodeSDXL,
 * ModelSamplingFlux, masks).
 */
export function findSizes(graph: ApiGraph, used: string[], samplers: string[]): Record<'width' | 'height', Target[]> {
  const latents = emptyLatents(graph, used, samplers);
  const sizes = { width: latents.map((node) => ref(node, 'width')), height: latents.map((node) => ref(node, 'height')) };
  if (latents.length === 0) return sizes;
  const asked = SIDES.map((side) => valueOf(graph, ref(latents[0], side)));
  for (const node of used.filter((id) => !latents.includes(id))) {
    const later = latents.some((latent) => upstream(graph, node).has(latent));
    for (const prefix of ['', 'target_']) addPair(graph, sizes, [ref(node, `${prefix}width`), ref(node, `${prefix}height`)], asked, later);
  }
  return sizes;
}

function emptyLatents(graph: ApiGraph, used: string[], samplers: string[]): string[] {
  const begins = samplers.map((id) => graph[id].inputs.latent_image).filter(isLink);
  const behind = new Set(begins.flatMap(([id]) => [...upstream(graph, id)]));
  return used.filter((id) => behind.has(id) && ['width', 'height', 'batch_size'].every((input) => input in graph[id].inputs));
}

function addPair(graph: ApiGraph, sizes: Record<'width' | 'height', Target[]>, pair: Target[], asked: unknown[], later: boolean) {
  const values = pair.map((side) => valueOf(graph, side));
  const shares = values.map((value, k) => Number(value) / Number(asked[k]));
  if (!shares.every((share) => (later ? share >= 0 && share < Infinity : share === 1))) return;
  SIDES.forEach((side, k) => sizes[side].push(shares[k] === 1 ? pair[k] : { ...pair[k], share: shares[k] }));
}

function ref(node: string, input: string): Target {
  return { node, input };
}
