import { Logger } from '@nestjs/common';
import type { ComfyuiApi } from './comfyui-api.js';
import { ComfyuiUnavailableError } from './comfyui-errors.js';
import type { ComfyuiTimings } from './comfyui-timings.js';
import { growingPause, pause } from './deadline.js';

/** The first version that heeds the id in POST /interrupt; older ones stop whatever runs, anybody's. */
const OLDEST = [0, 3, 57];

/** What one server was like when it was last asked. It is asked again and again; one that fails is left alone with growing pauses. */
export class ComfyuiHealth {
  version: string | null = null;
  /** Without extension, with sub-folders; empty until it has answered once. */
  embeddings: string[] = [];
  /** File names, with sub-folders. */
  checkpoints: string[] = [];
  lastSeenAt: Date | null = null;
  /** Null while all is well. */
  lastError: string | null = 'has not answered yet';

  private readonly logger = new Logger('ComfyUI');
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private wake = (): void => undefined;
  private failures = 0;
  private faults = 0;
  private restsUntil = -Infinity;
  /** The prompt on which the server hangs; undefined within it if none runs although some wait. */
  private stuckOn: { promptId: string | undefined } | null = null;

  constructor(
    private readonly name: string,
    private readonly api: ComfyuiApi,
    private readonly timings: ComfyuiTimings,
  ) {}

  start(): void {
    this.running = this.keepAsking();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.wake();
    await this.running;
  }

  get healthy(): boolean {
    return this.lastError === null;
  }

  /** What is wrong with its version: it must not be sent anything, since withdrawing that could stop the prompts of others. Null if nothing is. */
  get outdated(): string | null {
    return this.version === null ? null : tooOld(this.version);
  }

  get stuck(): boolean {
    return this.stuckOn !== null;
  }

  /** Somebody could not reach the server: no new work goes there until it has answered again, and it is asked at once. */
  doubt(reason: string): void {
    this.settle(reason);
    this.wake();
  }

  /** The server hangs on this prompt: no new work goes there until another one runs, or none. */
  hangsOn(promptId: string | undefined): void {
    this.stuckOn = { promptId };
    this.settle('answers, but nothing there has moved for too long: restart it');
  }

  /** A prompt failed there through no fault of its own: the server is left alone for a while, longer each time until one succeeds. */
  failed(reason: string): void {
    this.faults++;
    this.restsUntil = performance.now() + growingPause(this.faults, this.timings.health, this.timings.healthMax);
    this.settle(reason);
  }

  succeeded(): void {
    this.faults = 0;
  }

  private async keepAsking(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      await this.ask();
      const first = this.failures > 0 ? this.timings.health / 5 : this.timings.health;
      await this.rest(growingPause(Math.max(1, this.failures), first, this.timings.healthMax));
    }
  }

  private async ask(): Promise<void> {
    const began = performance.now();
    try {
      await this.look().catch((error) => this.again(error, began));
      this.failures = 0;
    } catch (error) {
      if (this.stopped.signal.aborted) return;
      this.failures++;
      this.settle(error instanceof ComfyuiUnavailableError ? error.what : (error as Error).message);
    }
  }

  /** One answer that goes wrong now and then is no reason to send work elsewhere; silence is. */
  private async again(error: unknown, began: number): Promise<void> {
    if (performance.now() - began >= this.timings.request) throw error;
    await pause(this.timings.retry, this.stopped.signal);
    await this.look();
  }

  private async look(): Promise<void> {
    const { api, stopped } = this;
    const [version, embeddings, checkpoints, remaining] = await Promise.all([
      api.version(stopped.signal),
      api.embeddings(stopped.signal),
      api.checkpoints(stopped.signal),
      api.remaining(stopped.signal),
    ]);
    Object.assign(this, { version, embeddings, checkpoints, lastSeenAt: new Date() });
    if (this.stuckOn && remaining > 0 && (await api.queue(stopped.signal)).running[0] === this.stuckOn.promptId) return;
    this.stuckOn = null;
    if (performance.now() >= this.restsUntil) this.settle(this.outdated);
  }

  private settle(error: string | null): void {
    if (error !== this.lastError) this.logger[error ? 'warn' : 'log'](`${this.name}: ${error ?? `ready, version ${this.version}`}`);
    this.lastError = error;
  }

  private async rest(milliseconds: number): Promise<void> {
    if (this.stopped.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => resolve(clearTimeout(timer));
    });
  }
}

function tooOld(version: string): string | null {
  const numbers = /(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (!numbers) return 'does not say which version of ComfyUI it is; 0.3.57 or newer is needed';
  const difference = numbers.map((number, i) => number - OLDEST[i]).find((part) => part !== 0) ?? 0;
  return difference < 0 ? `runs ComfyUI ${version}; 0.3.57 or newer is needed` : null;
}
