import { ComfyuiUnavailableError, PromptLostError, ServerStuckError } from './comfyui-errors.js';
import type { PromptEvent } from './comfyui-messages.js';
import { readHistory, type Outcome } from './comfyui-outcome.js';
import type { ComfyuiServer } from './comfyui-server.js';
import type { PromptListener } from './comfyui-socket.js';
import type { ComfyuiTimings } from './comfyui-timings.js';
import { unlessAborted } from './deadline.js';

/** Waits for the end of one prompt. Messages only say when to look: /history, after /queue, is the truth. */
export class PromptWatch implements PromptListener {
  private answeredAt = performance.now();
  /** When something about the prompt, or about the one that it waits for, last changed. */
  private changedAt = performance.now();
  private queueSeenAt = performance.now();
  private runningId: string | undefined;
  private missingSince: number | null = null;
  private suspicious = false;
  /** Looks since the message that ends every prompt; null before it. */
  private looksSinceEnd: number | null = null;
  /** What messages say of the end, in case somebody clears the history under us. */
  private heard: Outcome | null = null;
  private readonly outputs: Extract<Outcome, { kind: 'done' }>['outputs'] = {};
  private rung = false;
  private wake = (): void => undefined;

  constructor(
    private readonly server: ComfyuiServer,
    private readonly promptId: string,
    private readonly onEvent: (event: PromptEvent) => void,
    private readonly timings: ComfyuiTimings,
  ) {}

  hear(event: PromptEvent): void {
    this.changedAt = performance.now();
    this.onEvent(event);
    if (event.kind === 'output') this.outputs[event.node] = event.files;
    if (event.kind === 'succeeded') this.heard = { kind: 'done', outputs: this.outputs };
    if (event.kind === 'failed') this.heard = { kind: 'failed', error: event.data };
    if (event.kind === 'interrupted') this.heard = { kind: 'interrupted' };
    if (event.kind !== 'ended') return;
    this.looksSinceEnd = 0;
    this.lookNow();
  }

  missed(): void {
    this.suspicious = true;
    this.lookNow();
  }

  lookNow(): void {
    this.rung = true;
    this.wake();
  }

  /** Takes note that the server answered. */
  answered(): void {
    this.answeredAt = performance.now();
  }

  /** Bears a server that does not answer, which may be frozen, but only for a while, and not one whose process has ended; throws all other errors. */
  bear(error: unknown): void {
    if (!(error instanceof ComfyuiUnavailableError) || error.arrival === 'refused') throw error;
    this.suspicious = true;
    // Whether anything moves there cannot be told meanwhile.
    this.changedAt = performance.now();
    if (this.changedAt - this.answeredAt > this.timings.silence) throw error;
  }

  /** Whether the server has the prompt, in its queue or in its history. */
  async known(signal: AbortSignal): Promise<boolean> {
    return (await this.queued(signal)) || (await this.server.api.history(this.promptId, signal)) !== null;
  }

  /** Resolves with how the prompt ended; throws `PromptLostError`, `ServerStuckError`, `ComfyuiUnavailableError` or the signal's reason. */
  async end(signal: AbortSignal): Promise<Outcome> {
    for (;;) {
      await this.nextLook(signal);
      try {
        const outcome = await this.look(signal);
        if (outcome) return outcome;
        this.answered();
        this.checkMovement();
      } catch (error) {
        this.bear(error);
      }
    }
  }

  private async nextLook(signal: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const due = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.rung ? 0 : this.interval());
      this.wake = resolve;
    });
    await unlessAborted(due, signal).finally(() => clearTimeout(timer));
    this.rung = false;
  }

  private interval(): number {
    if (this.looksSinceEnd !== null) return Math.min(this.timings.pollDeaf, 10 * 2 ** this.looksSinceEnd);
    return this.server.socket.hearing && !this.suspicious ? this.timings.poll : this.timings.pollDeaf;
  }

  /** The queue first and the history last: between two requests a prompt may move from one to the other. */
  private async look(signal: AbortSignal): Promise<Outcome | null> {
    const thorough = this.suspicious || performance.now() - this.queueSeenAt > this.timings.queuePoll;
    const queued = thorough ? await this.queued(signal) : true;
    const entry = await this.server.api.history(this.promptId, signal);
    if (entry) return readHistory(entry);
    if (this.looksSinceEnd !== null) this.looksSinceEnd++;
    this.suspicious = !queued || this.looksSinceEnd !== null;
    if (!queued) return this.missing();
    this.missingSince = null;
    return null;
  }

  private async queued(signal: AbortSignal): Promise<boolean> {
    const { running, pending } = await this.server.api.queue(signal);
    this.queueSeenAt = performance.now();
    if (running[0] !== this.runningId) this.changedAt = this.queueSeenAt;
    this.runningId = running[0];
    return running.includes(this.promptId) || pending.includes(this.promptId);
  }

  private missing(): Outcome | null {
    this.missingSince ??= performance.now();
    if (performance.now() - this.missingSince < this.timings.lost) return null;
    if (this.heard) return this.heard;
    throw new PromptLostError(this.server.name);
  }

  /**
   * Notices a server whose worker thread is dead: it answers, but nothing moves. A prompt that runs unheard may well be moving, so half-way a new socket
   * makes sure that it would be heard.
   */
  private checkMovement(): void {
    const { socket, health } = this.server;
    if (this.runningId === this.promptId && !socket.hearing) this.changedAt = performance.now();
    const still = performance.now() - this.changedAt;
    if (still > this.timings.stuck / 2) socket.renew(this.changedAt);
    if (!health.stuck && still <= this.timings.stuck) return;
    health.hangsOn(this.runningId);
    throw new ServerStuckError(this.server.name);
  }
}
