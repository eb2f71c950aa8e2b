/** One node of a graph in API format. */
export interface GraphNode {
  class_type: string;
  inputs: Record<string, unknown>;
  _meta?: unknown;
}

export type Graph = Record<string, GraphNode>;

export type Link = [nodeId: string, slot: number];

/** ComfyUI takes any list for a link. */
export function isLink(value: unknown): value is Link {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'number';
}

/** Ids of the nodes that this one reads, each once, in the order of its inputs. */
export function linkedNodes(node: GraphNode): string[] {
  return [
    ...new Set(
      Object.values(node.inputs)
        .filter(isLink)
        .map(([id]) => id),
    ),
  ];
}
