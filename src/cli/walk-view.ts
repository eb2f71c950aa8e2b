import { SingleBar } from 'cli-progress';
import ms from 'ms';
import { StorageWalk } from '../audit/storage-walk.entity.js';
import { WalkWatcher } from '../audit/walker.js';

const STOP = 'Ctrl-C stops, and the same command goes on later.';

/** Shows on stderr how a walk through storage gets on: in words, and with a bar where that is a terminal. */
export class WalkView implements WalkWatcher {
  private readonly begun = Date.now();
  private before = 0;
  private expected = 0;
  private told = false;
  private waitingFor = 0;
  private trouble = '';
  private readonly bar = process.stderr.isTTY
    ? new SingleBar({
        format: '{bar} {value} of {total} assets, {pace}/s, {left}',
        barsize: 24,
        hideCursor: true,
        clearOnComplete: true,
      })
    : null;

  onBegin(walk: StorageWalk, expected: number): void {
    this.before = walk.seen;
    this.expected = expected;
    if (walk.hasBegun)
      console.error(`Going on with the walk through storage of ${walk.startedAt.toISOString()}: ${number(walk.seen)} assets were seen.`);
    if (walk.isDone) console.error('It had come to its end.');
  }

  onPage(walk: StorageWalk): void {
    this.trouble = '';
    if (!this.told) this.tellTime(walk);
    if (walk.isDone) this.close();
    else this.draw(walk);
  }

  onCursorRefused(): void {
    console.error('Storage no longer knows where this walk had stopped: it begins anew.');
    this.before = 0;
  }

  onWait(until: Date): void {
    // Several requests that wait for the same moment say so once.
    if (Math.abs(until.getTime() - this.waitingFor) < 5_000) return;
    this.waitingFor = until.getTime();
    this.say(`Storage asks to be left alone until ${until.toISOString()}; going on then. ${STOP}`);
  }

  onTrouble({ message }: Error): void {
    // Several requests that fail alike say so once.
    if (message === this.trouble) return;
    this.trouble = message;
    this.say(`Storage cannot be read at the moment: ${message} It is tried again for some minutes. ${STOP}`);
  }

  /** Takes the bar away. */
  close(): void {
    this.bar?.stop();
  }

  /** In place of the bar, which comes back with the next page. */
  private say(line: string): void {
    this.bar?.stop();
    console.error(line);
  }

  private tellTime(walk: StorageWalk): void {
    this.told = true;
    console.error(`${number(this.expected)} assets are expected under ${walk.prefixes.join(' ')}: ${this.forecast(walk)}.`);
  }

  private forecast(walk: StorageWalk): string {
    if (walk.isDone) return 'one request to storage was enough';
    const page = Math.max(1, walk.seen - this.before);
    const requests = Math.ceil((this.expected - this.before) / page) - 1;
    if (requests <= 0) return 'storage holds more, so that nobody knows how long this takes';
    const time = duration(requests * (Date.now() - this.begun));
    return `${number(requests)} more requests to storage, about ${time} unless it limits them`;
  }

  private draw(walk: StorageWalk): void {
    const total = Math.max(this.expected, walk.seen);
    // It was taken away for a line of text.
    if (!this.bar?.isActive) return this.bar?.start(total, walk.seen, this.pace(walk));
    this.bar.setTotal(total);
    this.bar.update(walk.seen, this.pace(walk));
  }

  private pace(walk: StorageWalk): { pace: string; left: string } {
    const perMillisecond = (walk.seen - this.before) / Math.max(1, Date.now() - this.begun);
    const left = (this.expected - walk.seen) / Math.max(perMillisecond, 1e-9);
    return { pace: number(Math.round(perMillisecond * 1_000)), left: left > 0 ? `${duration(left)} left` : 'more than expected' };
  }
}

/** With separators, as in 12,345. */
export function number(count: number): string {
  return count.toLocaleString('en');
}

function duration(milliseconds: number): string {
  return milliseconds < 1_000 ? 'a second' : ms(Math.round(milliseconds / 1_000) * 1_000, { long: true });
}
