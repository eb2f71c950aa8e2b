import { type Graph, isLink } from './graph.js';
import { type Inside, pause } from './inside.js';
import { JobMessages } from './job-messages.js';
import type { NodeResult } from './node-cache.js';
import { nodeClasses } from './node-classes.js';
import { NodeError } from './node-run.js';
import { nodeRuns } from './node-runs.js';
import type { HistoryEntry, QueueItem } from './prompt-queue.js';
import { RunOrder } from './run-order.js';
import type { Execution } from './server-log.js';

class Interrupted extends Error {}

/** One run of one queued prompt. */
export class Job {
  readonly clientId: string | null;
  readonly messages: JobMessages;
  /** Told to a client that connects in the middle of its job. */
  currentNode: string | null = null;
  private readonly graph: Graph;
  private readonly outputs: Record<string, NodeResult['ui']> = {};
  private readonly executed: string[] = [];
  private interrupted = false;

  /** Throws where ComfyUI's worker thread dies: when `extra_data` is null. */
  constructor(
    private readonly item: QueueItem,
    private readonly inside: Inside,
    private readonly signal: AbortSignal,
  ) {
    this.graph = item[2];
    this.clientId = (item[3] as { client_id?: string }).client_id ?? null;
    this.messages = new JobMessages(inside.sockets, item[1], this.clientId);
  }

  /** Takes effect at the next step or node that can be interrupted. */
  interrupt(): void {
    this.interrupted = true;
  }

  /** Runs to the end, good or bad. Throws where the worker thread dies: when any node lacks inputs. */
  async run(execution: Execution): Promise<'success' | 'error' | 'interrupted'> {
    this.messages.record('execution_start');
    this.inside.cache.enter(this.graph);
    this.messages.record('execution_cached', { nodes: Object.keys(this.graph).filter((id) => this.inside.cache.get(id)) });
    const outcome = await this.runNodes(execution);
    this.currentNode = null;
    if (outcome === 'success') this.messages.record('execution_success');
    return outcome;
  }

  /** What the history keeps. */
  entry(outcome: 'success' | 'error' | 'interrupted'): HistoryEntry {
    const good = outcome === 'success';
    const places = Object.keys(this.outputs).map((id) => [id, { node_id: id, display_node: id, parent_node: null, real_node_id: id }]);
    return {
      prompt: this.item,
      outputs: this.outputs,
      status: { status_str: good ? 'success' : 'error', completed: good, messages: this.messages.recorded },
      meta: Object.fromEntries(places),
    };
  }

  private async runNodes(execution: Execution): Promise<'success' | 'error' | 'interrupted'> {
    const { cache } = this.inside;
    const isOutput = (id: string) => nodeClasses[this.graph[id].class_type].outputNode === true;
    const order = new RunOrder(this.graph, isOutput, (id) => cache.get(id) !== undefined);
    for (const id of this.item[4]) order.add(id);
    for (let id = order.next(); id !== null; id = order.next()) {
      try {
        await this.runNode(id, execution);
      } catch (error) {
        return this.failed(id, error);
      }
      order.done(id);
    }
    return 'success';
  }

  private async runNode(id: string, execution: Execution): Promise<void> {
    const cached = this.inside.cache.get(id);
    if (cached) return this.repeat(id, cached);
    this.currentNode = id;
    this.messages.startNode(id);
    this.checkInterrupt();
    const result = await nodeRuns[this.graph[id].class_type](this.runOf(id, execution));
    this.signal.throwIfAborted();
    if (this.graph[id].class_type !== 'SaveImageWebsocket') this.inside.cache.set(id, result);
    this.executed.push(id);
    if (result.ui) this.show(id, result.ui);
    this.messages.finishNode(id);
  }

  private repeat(id: string, cached: NodeResult): void {
    this.messages.toClient('executed', { node: id, display_node: id, output: cached.ui ?? null });
    if (cached.ui) this.outputs[id] = cached.ui;
    this.messages.finishNode(id);
  }

  private show(id: string, ui: NodeResult['ui']): void {
    this.outputs[id] = ui;
    this.messages.toClient('executed', { node: id, display_node: id, output: ui });
  }

  private runOf(id: string, execution: Execution) {
    const { inside, graph, messages } = this;
    const entries = Object.entries(graph[id].inputs).map(([name, value]) => [name, isLink(value) ? this.outputOf(value) : value]);
    return {
      id,
      graph,
      inside,
      messages,
      execution,
      inputs: Object.fromEntries(entries),
      extraData: this.item[3],
      pause: (ms: number) => pause(inside, ms, this.signal),
      checkInterrupt: () => this.checkInterrupt(),
    };
  }

  private outputOf([id, slot]: [string, number]): unknown {
    return this.inside.cache.get(id)?.outputs[slot];
  }

  private checkInterrupt(): void {
    if (this.interrupted) throw new Interrupted();
  }

  private failed(id: string, error: unknown): 'error' | 'interrupted' {
    if (!(error instanceof Interrupted) && !(error instanceof NodeError)) throw error;
    const place = { node_id: id, node_type: this.graph[id].class_type, executed: this.executed };
    if (error instanceof Interrupted) this.messages.record('execution_interrupted', place, true);
    else this.messages.record('execution_error', { ...place, ...detailsOf(error), current_outputs: Object.keys(this.graph) });
    return error instanceof Interrupted ? 'interrupted' : 'error';
  }
}

function detailsOf(error: NodeError): object {
  return {
    exception_message: `${error.message}\n`,
    exception_type: error.kind,
    traceback: [
      '  File "/srv/comfy/src/execution.py", line 496, in execute\n    result = await run_node(node)\n',
      '  File "/srv/comfy/src/nodes.py", line 1492, in sample\n    return common_ksampler(model, seed)\n',
    ],
    current_inputs: error.currentInputs,
  };
}
