import { ShownEvent } from './batch-operations.js';
import { BatchView, Frame } from './batch-view.js';
import { inOneLine } from './one-line.js';
import { TerminalView } from './terminal-view.js';

/** Where there are people to watch bars move. */
export const onTerminal = process.stdout.isTTY && !process.env.CI;

/** A view that fits where the output goes: bars on a terminal, plain lines elsewhere. */
export function openView(frames: Frame[]): BatchView {
  return onTerminal ? new TerminalView(frames, process.stdout) : new PlainView(frames.length);
}

class PlainView implements BatchView {
  constructor(private readonly count: number) {}

  onEvent({ position, index, status, error }: ShownEvent): void {
    const why = error ? ` (${inOneLine(error.message)})` : '';
    console.log(`picture ${position} of ${this.count}, index ${index}: ${status.toLowerCase()}${why}`);
  }

  notice(text: string): void {
    console.error(text);
  }

  close(): void {}
}
