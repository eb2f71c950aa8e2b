import { ShownBatch, ShownEvent } from './batch-operations.js';
import { BatchView } from './batch-view.js';

/** For programs: one JSON object a line on stdout, and notices on stderr. */
export class JsonView implements BatchView {
  /** The first line: what is watched. */
  begin({ id, username, character, count, status, images }: ShownBatch): void {
    const frames = images.map(({ position, index, seed, publicId }) => ({ position, index, seed, publicId }));
    write({ type: 'batch', id, username, character, count, status, images: frames });
  }

  onEvent(event: ShownEvent): void {
    write({ type: 'event', ...event });
  }

  /** The last line: what became of it. */
  end(batch: ShownBatch): void {
    write({ type: 'summary', ...batch });
  }

  notice(text: string): void {
    console.error(text);
  }

  close(): void {}
}

function write(line: object): void {
  console.log(JSON.stringify(line));
}
