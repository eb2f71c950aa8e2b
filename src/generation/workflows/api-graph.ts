/** Where an input comes from: id of a node and the number of its output. */
export type Link = [node: string, output: number];

export interface ApiNode {
  class_type: string;
  /** Input name → link or value. */
  inputs: Record<string, unknown>;
  _meta?: { title?: string };
}

/** A graph as ComfyUI's API takes it: node id → node. */
export type ApiGraph = Record<string, ApiNode>;

/** One input of one node. */
export interface InputRef {
  node: string;
  input: string;
}

export function isLink(value: unknown): value is Link {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isInteger(value[1]);
}

/** One string for each input. */
export function keyOf({ node, input }: InputRef): string {
  return JSON.stringify([node, input]);
}

/** The ids of `id` and of every node that it is made from; every link must lead to a node. */
export function upstream(graph: ApiGraph, id: string): Set<string> {
  const seen = new Set([id]);
  for (const next of seen) {
    for (const value of Object.values(graph[next].inputs)) if (isLink(value)) seen.add(value[0]);
  }
  return seen;
}

/** How messages name a node. */
export function nameOf(graph: ApiGraph, id: string): string {
  return `node ${id} (${graph[id].class_type})`;
}
