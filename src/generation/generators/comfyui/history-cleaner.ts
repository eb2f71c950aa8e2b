import type { ComfyuiApi } from './comfyui-api.js';

/**
 * Removes from a server's history what has been downloaded: late enough for a worker that takes over to find the picture, and many with one request, or a
 * process that was held up for a while would send dozens at once.
 */
export class HistoryCleaner {
  /** Those that go at the next turn, and those that came since the last one. */
  private old: string[] = [];
  private recent: string[] = [];
  private turn?: NodeJS.Timeout;

  /** An entry stays for `keep` milliseconds at least, and at most for twice as long. */
  constructor(
    private readonly api: Pick<ComfyuiApi, 'deleteHistory'>,
    private readonly keep: number,
  ) {}

  forgetLater(promptId: string): void {
    this.recent.push(promptId);
    this.schedule();
  }

  /** What has not been removed by now stays. */
  stop(): void {
    clearTimeout(this.turn);
  }

  private schedule(): void {
    this.turn ??= setTimeout(() => this.clean(), this.keep).unref();
  }

  private clean(): void {
    if (this.old.length > 0) this.api.deleteHistory(this.old).catch(() => undefined);
    this.old = this.recent;
    this.recent = [];
    this.turn = undefined;
    if (this.old.length > 0) this.schedule();
  }
}
