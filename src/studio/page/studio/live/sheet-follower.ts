import { ApiError } from '../api/api-error';
import { follow } from '../api/follow';
import { BATCH_SHEET, EVENTS, PROGRESS, type Sheet } from '../api/operations';
import { send } from '../api/send';
import { anotherToken } from '../api/token';
import { valueStore } from '../parts/value-store';
import { hasEnded, type SheetView, viewOf, withEvent, withProgress } from './sheet-view';

/** Milliseconds before something that failed for a passing reason is tried again. */
const PAUSE = 1_000;

/** Keeps one contact sheet up to date while somebody watches it: reads it once, then follows it by event number. */
export class SheetFollower {
  /** Null until it has been read. */
  readonly view = valueStore<SheetView | null>(null);
  /** Why it cannot be shown. */
  readonly problem = valueStore<ApiError | null>(null);
  private watchers = 0;
  private newest = 0;
  private running: AbortController | null = null;

  constructor(private readonly id: string) {}

  /** Takes a sheet that was read elsewhere, unless it has a newer one. */
  seed(sheet: Sheet): void {
    const view = this.view.get();
    if (!view || view.lastEvent < sheet.lastEvent) this.view.set(viewOf(sheet));
    this.run();
  }

  /** Follows until the returned function is called. */
  watch(): () => void {
    this.watchers++;
    this.run();
    return () => {
      if (--this.watchers === 0) this.running?.abort();
    };
  }

  /** Somebody knows of event `number`: a sheet that had ended goes on. */
  catchUp(number: number): void {
    this.newest = Math.max(this.newest, number);
    this.run();
  }

  private run(): void {
    if (this.running && !this.running.signal.aborted) return;
    if (this.watchers === 0 || this.isUpToDate()) return;
    const running = (this.running = new AbortController());
    void this.followToTheEnd(running.signal).finally(() => {
      if (this.running !== running) return;
      this.running = null;
      this.run();
    });
  }

  private isUpToDate(): boolean {
    const view = this.view.get();
    if (this.problem.get()) return true;
    return view !== null && hasEnded(view) && view.lastEvent >= this.newest;
  }

  private async followToTheEnd(signal: AbortSignal): Promise<void> {
    try {
      if (!this.view.get()) await this.read(signal);
      await this.followEvents(signal);
    } catch (error) {
      if (signal.aborted) return;
      await this.takeFault(error);
    }
  }

  private async read(signal: AbortSignal): Promise<void> {
    const { batch } = await send(BATCH_SHEET, { id: this.id }, signal);
    if (!batch) throw new ApiError('There is no such batch.', 'NOT_FOUND');
    this.view.set(viewOf(batch));
  }

  /** Progress is followed beside the events, and ends with them. */
  private async followEvents(signal: AbortSignal): Promise<void> {
    if (this.isUpToDate()) return;
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    void this.followProgress(until);
    try {
      const lastSeen = () => this.view.get()?.lastEvent ?? 0;
      const variables = {
        batchId: this.id,
        get after() {
          return lastSeen();
        },
      };
      for await (const { imageStatusChanged } of follow(EVENTS, variables, until))
        this.change((view) => withEvent(view, imageStatusChanged));
    } finally {
      over.abort();
    }
  }

  private async followProgress(signal: AbortSignal): Promise<void> {
    try {
      for await (const { imageProgress } of follow(PROGRESS, { batchId: this.id }, signal))
        this.change((view) => withProgress(view, imageProgress));
    } catch {
      // It only decorates: the events tell what matters, and whether something is wrong.
    }
  }

  private change(next: (view: SheetView) => SheetView): void {
    const view = this.view.get();
    if (view) this.view.set(next(view));
  }

  /** A number that the service does not know comes from a database that was set back: the sheet is read anew. */
  private async takeFault(fault: unknown): Promise<void> {
    const error = fault instanceof ApiError ? fault : new ApiError('The batch cannot be shown.', 'INTERNAL_SERVER_ERROR');
    if (error.code === 'BAD_USER_INPUT') this.view.set(null);
    else if (error.code === 'UNAUTHENTICATED') return anotherToken();
    else if (!error.isPassing) return this.problem.set(error);
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

const followers = new Map<string, SheetFollower>();

/** The one follower of a batch on this page. */
export function followerOf(id: string): SheetFollower {
  const known = followers.get(id);
  if (known) return known;
  const follower = new SheetFollower(id);
  followers.set(id, follower);
  return follower;
}
