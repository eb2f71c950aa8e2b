import { MultiBar, SingleBar } from 'cli-progress';
import type { WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import { ShownEvent, ShownProgress } from './batch-operations.js';
import { BatchView, Frame } from './batch-view.js';
import { inOneLine } from './one-line.js';

const BAR = 24;
/** How full the bar is when an image rests in a status; while it is being generated its progress fills the part between. */
const FILLED: Record<string, number> = { QUEUED: 0, GENERATING: 0.05, GENERATED: 0.85, UPLOADING: 0.92, UPLOADED: 1 };
const MARKS: Record<string, string> = {
  UPLOADED: styleText('green', '✔'),
  FAILED: styleText('red', '✖'),
  CANCELLED: styleText('yellow', '✖'),
};
/** Lines of the terminal that are not ours: the command's own, a notice. */
const KEPT_FREE = 4;

/** A bar for each picture, or one for all of them where they are more than the terminal has lines. */
export class TerminalView implements BatchView {
  private readonly bars: MultiBar;
  private readonly lines: Line[];
  private readonly all?: SingleBar;

  constructor(frames: Frame[], stream: WriteStream) {
    const format = (_: unknown, __: unknown, { text }: { text: string }) => text;
    this.bars = new MultiBar({ format, stream, hideCursor: true, gracefulExit: true, emptyOnZero: true });
    this.lines = frames.map((frame) => new Line(frame));
    if (frames.length > stream.rows - KEPT_FREE) this.all = this.bars.create(1, 0, { text: this.summary });
    else for (const line of this.lines) line.show(this.bars);
  }

  onEvent(event: ShownEvent): void {
    this.lines[event.position - 1].onEvent(event);
    this.all?.update({ text: this.summary });
  }

  onProgress({ position, fraction }: ShownProgress): void {
    this.lines[position - 1].onProgress(fraction);
    this.all?.update({ text: this.summary });
  }

  notice(text: string): void {
    this.bars.log(`${text}\n`);
  }

  close(): void {
    if (this.bars.isActive) this.bars.stop();
  }

  private get summary(): string {
    const done = this.lines.reduce((sum, { filled }) => sum + filled, 0) / this.lines.length;
    const counts = new Map<string, number>();
    for (const { status } of this.lines) counts.set(status, (counts.get(status) ?? 0) + 1);
    return `${barOf(done)}  ${[...counts].map(([status, count]) => `${count} ${status.toLowerCase()}`).join(', ')}`;
  }
}

/** One picture; it never goes backwards. */
class Line {
  status = 'QUEUED';
  filled = 0;
  private why = '';
  private bar?: SingleBar;

  constructor(private readonly frame: Frame) {}

  show(bars: MultiBar): void {
    this.bar = bars.create(1, 0, { text: this.text });
  }

  onEvent({ status, error }: ShownEvent): void {
    this.status = status;
    this.why = error ? `: ${inOneLine(error.message)}` : '';
    this.fill(FILLED[status] ?? this.filled);
  }

  onProgress(fraction: number): void {
    this.fill(0.05 + fraction * 0.8);
  }

  private fill(filled: number): void {
    this.filled = Math.max(this.filled, filled);
    this.bar?.update({ text: this.text });
  }

  private get text(): string {
    const { index } = this.frame;
    return `${MARKS[this.status] ?? ' '} ${String(index).padStart(4)}  ${barOf(this.filled)}  ${this.status.toLowerCase()}${this.why}`;
  }
}

function barOf(filled: number): string {
  const full = Math.round(filled * BAR);
  return `${'█'.repeat(full)}${'░'.repeat(BAR - full)}`;
}
