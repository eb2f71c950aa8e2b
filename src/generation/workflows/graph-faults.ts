import { type ApiGraph, isLink, nameOf } from './api-graph.js';

/**
 * Why `value` is not a graph that ComfyUI can run, one line for each fault; empty for an `ApiGraph`.
 * A node without `inputs` is refused because one such node, even unused, ends a ComfyUI server's only worker (seen in 0.3.64).
 */
export function graphFaults(value: unknown): string[] {
  if (!isObject(value) || Object.keys(value).length === 0)
    return ['holds no nodes: it must be an object of node id → { class_type, inputs }'];
  if (Array.isArray(value.nodes))
    return ['is in the format of the ComfyUI editor: export it with "Save (API format)", also called "Export (API)"'];
  const faults = Object.entries(value).flatMap(([id, node]) => nodeFaults(id, node));
  if (faults.length > 0) return faults;
  const graph = value as ApiGraph;
  const broken = Object.keys(graph).flatMap((id) => linkFaults(graph, id));
  return broken.length > 0 ? broken : circleFaults(graph);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nodeFaults(id: string, node: unknown): string[] {
  if (!isObject(node)) return [`node ${id} is not an object`];
  const faults: string[] = [];
  if (typeof node.class_type !== 'string' || node.class_type === '') faults.push(`node ${id} has no class_type`);
  if (!isObject(node.inputs)) faults.push(`node ${id} has no inputs (write {} where it needs none)`);
  return faults;
}

function linkFaults(graph: ApiGraph, id: string): string[] {
  return Object.entries(graph[id].inputs).flatMap(([input, value]) => {
    const at = `${nameOf(graph, id)} input ${input}`;
    if (Array.isArray(value) && value.length === 2 && typeof value[0] === 'number') return [`${at} is no link: a node id must be a string`];
    if (!isLink(value)) return [];
    if (!Object.hasOwn(graph, value[0])) return [`${at} is linked to node ${value[0]}, which is not there`];
    return value[1] < 0 ? [`${at} is linked to output ${value[1]}`] : [];
  });
}

function circleFaults(graph: ApiGraph): string[] {
  const done = new Set<string>();
  const visit = (id: string, path: string[]): string[] => {
    if (path.includes(id)) return [`nodes ${[...path.slice(path.indexOf(id)), id].join(' ← ')} go in a circle`];
    if (done.has(id)) return [];
    const faults = Object.values(graph[id].inputs).flatMap((value) => (isLink(value) ? visit(value[0], [...path, id]) : []));
    done.add(id);
    return faults;
  };
  return Object.keys(graph).flatMap((id) => visit(id, []));
}
