import { Listr, ListrTaskWrapper } from 'listr2';
import { DemoEvent, DemoProgress } from './demo-client.js';

const BAR = 24;
const ENDED = ['UPLOADED', 'FAILED', 'CANCELLED'];
/** How full the bar is when an image rests in a status; while it is being generated its progress fills the part between. */
const FILLED: Record<string, number> = { QUEUED: 0, GENERATING: 0.05, GENERATED: 0.85, UPLOADING: 0.92, UPLOADED: 1 };

interface Frame {
  position: number;
  index: number;
}

/** Shows a batch while it is made. */
export interface DemoView {
  onEvent(event: DemoEvent): void;
  onProgress(progress: DemoProgress): void;
}

/** A view that fits where the output goes: bars on a terminal, plain lines elsewhere. */
export function openView(frames: Frame[], terminal: boolean): DemoView {
  return terminal ? new TerminalView(frames) : new PlainView(frames);
}

class PlainView implements DemoView {
  constructor(private readonly frames: Frame[]) {}

  onEvent({ position, status, error }: DemoEvent): void {
    const { index } = this.frames[position - 1];
    console.log(
      `picture ${position} of ${this.frames.length}, index ${index}: ${status.toLowerCase()}${error ? ` (${error.message})` : ''}`,
    );
  }

  onProgress(): void {}
}

type Task = ListrTaskWrapper<unknown, never, never>;

class TerminalView implements DemoView {
  private readonly lines: TerminalLine[];

  constructor(frames: Frame[]) {
    this.lines = frames.map((frame) => new TerminalLine(frame));
    const tasks = this.lines.map((line) => ({ title: line.title, task: (_: unknown, task: Task) => line.run(task) }));
    const rendererOptions = { showErrorMessage: false, collapseErrors: false };
    void new Listr(tasks as never, { concurrent: true, exitOnError: false, registerSignalListeners: false, rendererOptions }).run();
  }

  onEvent(event: DemoEvent): void {
    this.lines[event.position - 1].onEvent(event);
  }

  onProgress(progress: DemoProgress): void {
    this.lines[progress.position - 1].onProgress(progress.fraction);
  }
}

/** One picture's line; it never goes backwards. */
class TerminalLine {
  private status = 'QUEUED';
  private filled = 0;
  private task?: Task;
  private settle!: (error?: Error) => void;

  constructor(private readonly frame: Frame) {}

  get title(): string {
    const full = Math.round(this.filled * BAR);
    return `${String(this.frame.index).padStart(4)}  ${'█'.repeat(full)}${'░'.repeat(BAR - full)}  ${this.status.toLowerCase()}`;
  }

  run(task: Task): Promise<void> {
    this.task = task;
    return new Promise((resolve, reject) => {
      this.settle = (error) => (error ? reject(error) : resolve());
    });
  }

  onEvent({ status, error }: DemoEvent): void {
    this.status = error ? `${status}: ${error.message}` : status;
    this.fill(FILLED[status] ?? this.filled);
    if (ENDED.includes(status)) this.settle(status === 'UPLOADED' ? undefined : new Error(this.status));
  }

  onProgress(fraction: number): void {
    this.fill(0.05 + fraction * 0.8);
  }

  private fill(filled: number): void {
    this.filled = Math.max(this.filled, filled);
    if (this.task) this.task.title = this.title;
  }
}
