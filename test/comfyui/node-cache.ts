import { type Graph, isLink } from './graph.js';

/** What a node left behind: its outputs and, for a node that shows something, what `executed` and the history say of it. */
export interface NodeResult {
  outputs: unknown[];
  ui?: { images: unknown[] };
}

/** `classic` remembers the newest prompt only (0.3.64), `lru` earlier ones too (0.38), `none` nothing. */
export type CacheKind = 'classic' | 'lru' | 'none';

/** Results of nodes by class, inputs and ancestors; node ids play no part. */
export class NodeCache {
  private readonly results = new Map<string, NodeResult>();
  private keys = new Map<string, string>();

  constructor(private readonly kind: CacheKind) {}

  /** Starts a prompt. Throws, as ComfyUI does, when any node of it has no inputs, even one that no output needs. */
  enter(graph: Graph): void {
    this.keys = new Map(Object.keys(graph).map((id) => [id, keyOf(graph, id, [])]));
    if (this.kind === 'lru') return;
    const wanted = new Set(this.kind === 'classic' ? this.keys.values() : []);
    for (const key of this.results.keys()) if (!wanted.has(key)) this.results.delete(key);
  }

  get(id: string): NodeResult | undefined {
    return this.results.get(this.keys.get(id)!);
  }

  set(id: string, result: NodeResult): void {
    this.results.set(this.keys.get(id)!, result);
  }

  /** POST /free with free_memory. */
  clear(): void {
    this.results.clear();
  }
}

function keyOf(graph: Graph, id: string, readers: string[]): string {
  const node = graph[id];
  if (node === undefined || readers.includes(id)) return 'nothing';
  if (node.inputs === undefined) throw new Error("KeyError: 'inputs'");
  const below = [...readers, id];
  const inputs = Object.entries(node.inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  const told = inputs.map(([name, value]) => [name, isLink(value) ? [keyOf(graph, value[0], below), value[1]] : inWords(value)]);
  return JSON.stringify([node.class_type, told]);
}

function inWords(value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}
