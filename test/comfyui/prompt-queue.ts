import type { Graph } from './graph.js';

/** As GET /queue shows it. `extraData` is whatever the client sent. */
export type QueueItem = [number: number, promptId: string, graph: Graph, extraData: unknown, outputs: string[]];

export interface HistoryEntry {
  prompt: QueueItem;
  outputs: Record<string, unknown>;
  status: { status_str: 'success' | 'error'; completed: boolean; messages: [string, object][] };
  meta: Record<string, unknown>;
}

/** What waits, what runs and what is done; all of it in memory only. Lower numbers run first, then lower ids. */
export class PromptQueue {
  /** Handed out by POST /prompt, also to those it refuses. */
  nextNumber = 0;
  readonly history = new Map<string, HistoryEntry>();
  readonly running = new Map<number, QueueItem>();
  pending: QueueItem[] = [];
  private tasks = 0;
  private wake = () => {};

  constructor(
    private readonly historyLimit: number,
    /** Called at every change of the number of jobs. */
    private readonly changed: () => void,
  ) {}

  get remaining(): number {
    return this.pending.length + this.running.size;
  }

  /** Throws when it meets an equal number and id on its way up, and yet keeps the item: two graphs cannot be compared. */
  put(item: QueueItem): void {
    this.pending.push(item);
    try {
      this.rise(this.pending.length - 1);
      this.changed();
    } finally {
      this.wake();
    }
  }

  /** The next item and its task number; waits until there is one. */
  async take(signal: AbortSignal): Promise<[task: number, item: QueueItem]> {
    while (this.pending.length === 0) await this.somethingPut(signal);
    signal.throwIfAborted();
    const item = this.pop();
    this.running.set(this.tasks, item);
    this.changed();
    return [this.tasks++, item];
  }

  /** Moves a job from running to the history in one step. */
  finish(task: number, entry: HistoryEntry): void {
    this.running.delete(task);
    if (this.history.size > this.historyLimit) this.history.delete(this.history.keys().next().value!);
    this.history.set(entry.prompt[1], entry);
    this.changed();
  }

  /** Removes the first waiting job with this id, if any. */
  delete(promptId: string): void {
    const at = this.pending.findIndex((item) => item[1] === promptId);
    if (at < 0) return;
    this.pending.splice(at, 1);
    for (let i = Math.floor(this.pending.length / 2) - 1; i >= 0; i--) this.sink(i);
    this.changed();
  }

  clear(): void {
    this.pending = [];
    this.changed();
  }

  private somethingPut(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      this.wake = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
    });
  }

  private pop(): QueueItem {
    const last = this.pending.pop()!;
    if (this.pending.length === 0) return last;
    const first = this.pending[0];
    this.pending[0] = last;
    this.sink(0);
    return first;
  }

  private rise(at: number): void {
    const parent = (at - 1) >> 1;
    if (at === 0 || !runsBefore(this.pending[at], this.pending[parent])) return;
    this.swap(at, parent);
    this.rise(parent);
  }

  private sink(at: number): void {
    const children = [2 * at + 1, 2 * at + 2].filter((child) => child < this.pending.length);
    if (children.length === 0) return;
    const child = children.length === 2 && runsBefore(this.pending[children[1]], this.pending[children[0]]) ? children[1] : children[0];
    if (!runsBefore(this.pending[child], this.pending[at])) return;
    this.swap(at, child);
    this.sink(child);
  }

  private swap(a: number, b: number): void {
    [this.pending[a], this.pending[b]] = [this.pending[b], this.pending[a]];
  }
}

function runsBefore(a: QueueItem, b: QueueItem): boolean {
  if (a[0] !== b[0]) return a[0] < b[0];
  if (a[1] === b[1]) throw new TypeError("'<' not supported between instances of 'dict' and 'dict'");
  return a[1] < b[1];
}
