import type { GenerationProgress } from '../../image-generator.js';
import type { ApiGraph } from '../../workflows/api-graph.js';
import type { PromptEvent } from './comfyui-messages.js';

/**
 * Turns the events of one prompt into progress that never goes back, at most one report in each `every` ms.
 * A node counts as much as it has steps, known from its `steps` input until it reports its own, so that sampling weighs most.
 */
export class ComfyuiProgress {
  private readonly weights: Map<string, number>;
  private readonly done = new Map<string, number>();
  private fraction = 0;
  private preview: GenerationProgress['preview'];
  private timer: NodeJS.Timeout | undefined;
  private toldAt = -Infinity;

  constructor(
    graph: ApiGraph,
    private readonly report: (progress: GenerationProgress) => void,
    private readonly every: number,
  ) {
    this.weights = new Map(
      Object.entries(graph).map(([node, { inputs }]) => [node, typeof inputs.steps === 'number' ? Math.max(1, inputs.steps) : 1]),
    );
  }

  hear(event: PromptEvent): void {
    if (event.kind === 'cached') for (const node of event.nodes) this.done.set(node, 1);
    if (event.kind === 'progress') for (const [node, { value, max }] of Object.entries(event.nodes)) this.step(node, value, max);
    if (event.kind === 'preview') this.preview = { bytes: event.bytes, contentType: event.contentType };
    if (event.kind === 'started' || event.kind === 'cached' || event.kind === 'progress' || event.kind === 'preview') this.tellSoon();
  }

  /** No report comes after this. */
  stop(): void {
    clearTimeout(this.timer);
    this.toldAt = Infinity;
  }

  private step(node: string, value: number, max: number): void {
    this.done.set(node, Math.min(1, value / max));
    if (max > 1) this.weights.set(node, max);
  }

  private tellSoon(): void {
    if (this.timer || this.toldAt === Infinity) return;
    const wait = this.toldAt + this.every - performance.now();
    if (wait <= 0) this.tell();
    else this.timer = setTimeout(() => this.tell(), wait);
  }

  private tell(): void {
    this.timer = undefined;
    this.toldAt = performance.now();
    this.fraction = Math.max(this.fraction, this.share());
    const preview = this.preview;
    this.preview = undefined;
    try {
      this.report({ fraction: this.fraction, ...(preview && { preview }) });
    } catch {
      // A listener that fails must not cost the picture.
    }
  }

  private share(): number {
    const all = [...this.weights.values()].reduce((sum, weight) => sum + weight, 0);
    const done = [...this.weights].reduce((sum, [node, weight]) => sum + weight * (this.done.get(node) ?? 0), 0);
    return all > 0 ? Math.min(1, done / all) : 0;
  }
}
