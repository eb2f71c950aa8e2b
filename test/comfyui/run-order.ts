import { type Graph, linkedNodes } from './graph.js';

/**
 * The order in which ComfyUI runs a graph: of all nodes that could run now it prefers an output node, then a node whose reader is one,
 * then one two steps before one, then the first that was found when walking back from the outputs.
 */
export class RunOrder {
  private readonly waitsFor = new Map<string, Set<string>>();

  constructor(
    private readonly graph: Graph,
    private readonly isOutput: (id: string) => boolean,
    private readonly isCached: (id: string) => boolean,
  ) {}

  /** Adds an output node and all it needs that is not cached. */
  add(outputId: string): void {
    const found = [outputId];
    for (let id = found.pop(); id !== undefined; id = found.pop()) {
      if (this.waitsFor.has(id)) continue;
      const needed = linkedNodes(this.graph[id]).filter((other) => !this.isCached(other));
      this.waitsFor.set(id, new Set(needed));
      found.push(...needed);
    }
  }

  /** The next node to run, or null when all are done. */
  next(): string | null {
    const ready = [...this.waitsFor].filter(([, needed]) => needed.size === 0).map(([id]) => id);
    const near = (id: string) => this.readers(id).some(this.isOutput);
    const nearer = (id: string) => this.readers(id).some(near);
    return ready.find(this.isOutput) ?? ready.find(near) ?? ready.find(nearer) ?? ready[0] ?? null;
  }

  done(id: string): void {
    this.waitsFor.delete(id);
    for (const needed of this.waitsFor.values()) needed.delete(id);
  }

  private readers(id: string): string[] {
    return [...this.waitsFor].filter(([, needed]) => needed.has(id)).map(([reader]) => reader);
  }
}
