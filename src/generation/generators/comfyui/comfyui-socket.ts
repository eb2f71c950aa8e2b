import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { WebSocket, type RawData } from 'ws';
import type { ServerAddress } from './comfyui-address.js';
import { readBinary, readText, type PromptEvent } from './comfyui-messages.js';
import type { ComfyuiTimings } from './comfyui-timings.js';
import { growingPause, pause } from './deadline.js';

export interface PromptListener {
  hear(event: PromptEvent): void;
  /** Messages may have been missed: look for yourself. */
  missed(): void;
}

/**
 * The one websocket of this process to one server. It brings hints and previews; nothing depends on it.
 * Never two at once: when an older socket of the same clientId closes, ComfyUI forgets the newer one, which then stays open and deaf.
 */
export class ComfyuiSocket {
  /** Of this process and this server alone: two owners of one id steal each other's messages. */
  readonly clientId = `filmroll-${randomUUID()}`;
  private readonly logger = new Logger('ComfyUI');
  private readonly listeners = new Map<string, Set<PromptListener>>();
  private readonly stopped = new AbortController();
  private running: Promise<void> = Promise.resolve();
  private socket: WebSocket | null = null;
  private openedAt = Infinity;
  private statusAt = -Infinity;
  private signOfLifeAt = 0;
  private broken = false;
  private readonly waiters = new Set<() => void>();

  constructor(
    private readonly address: ServerAddress,
    private readonly timings: ComfyuiTimings,
  ) {}

  start(): void {
    this.running = this.keepOpen();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    this.close();
    await this.running;
  }

  /** Whether messages reach us, as far as we know. */
  get hearing(): boolean {
    return this.statusAt >= this.openedAt;
  }

  /** Calls `listener` for every message about the prompt until the returned function is called. */
  listen(promptId: string, listener: PromptListener): () => void {
    const listeners = this.listeners.get(promptId) ?? new Set();
    this.listeners.set(promptId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(promptId);
    };
  }

  /** Tells every listener that it may have missed something. */
  missed(): void {
    for (const listeners of this.listeners.values()) for (const listener of listeners) listener.missed();
  }

  /** Waits a moment for a socket that is just being opened. */
  async ready(): Promise<void> {
    if (this.hearing || this.broken) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.timings.open);
      this.waiters.add(() => resolve(clearTimeout(timer)));
    });
  }

  /**
   * To be called when a POST that went out at `sentAt` (performance.now) was answered: it makes the server send `status` to every socket it knows.
   * If none has come soon, this one is deaf (a pong would prove nothing) and is opened anew.
   */
  expectStatus(sentAt: number): void {
    const socket = this.socket;
    if (this.statusAt >= sentAt || !this.hearing) return;
    const timer = setTimeout(() => {
      if (this.statusAt >= sentAt || this.socket !== socket) return;
      this.logger.warn(`${this.address.name}: the websocket is open but deaf; opening another`);
      this.broken = true;
      this.close();
    }, this.timings.deaf);
    timer.unref();
  }

  /** Opens another socket unless this one is younger than `since`: for when nothing was heard for suspiciously long. */
  renew(since: number): void {
    if (this.openedAt < since) this.close();
  }

  private async keepOpen(): Promise<void> {
    for (let failures = 0; !this.stopped.signal.aborted;) {
      const began = performance.now();
      await this.connection().catch((error: Error) => this.failed(error));
      failures = this.broken && performance.now() - began < this.timings.reconnectMax ? failures + 1 : 1;
      await pause(growingPause(failures, this.timings.reconnect, this.timings.reconnectMax), this.stopped.signal).catch(() => undefined);
    }
  }

  /** Opens a socket and resolves when it has closed. */
  private async connection(): Promise<void> {
    const url = `${this.address.ws}/ws?clientId=${this.clientId}`;
    const socket = new WebSocket(url, { headers: this.address.headers, handshakeTimeout: this.timings.request, perMessageDeflate: false });
    this.socket = socket;
    const alive = setInterval(() => this.checkAlive(socket), this.timings.ping);
    socket.on('open', () => this.opened(socket));
    socket.on('message', (data, isBinary) => this.receive(data, isBinary));
    socket.on('pong', () => (this.signOfLifeAt = performance.now()));
    socket.on('error', (error) => this.failed(error));
    await new Promise((resolve) => socket.once('close', resolve));
    clearInterval(alive);
    this.closed();
  }

  private opened(socket: WebSocket): void {
    // Only as the very first message does ComfyUI heed it; then previews name their prompt.
    socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));
    this.openedAt = this.signOfLifeAt = performance.now();
  }

  private failed(error: Error): void {
    if (!this.broken && !this.stopped.signal.aborted) {
      const reason =
        /Unexpected server response: \d+/.exec(error.message)?.[0] ?? (error as NodeJS.ErrnoException).code ?? 'connection lost';
      this.logger.warn(`${this.address.name}: no websocket (${reason}); results are polled until there is one`);
    }
    this.broken = true;
  }

  private closed(): void {
    if (this.hearing && !this.stopped.signal.aborted)
      this.logger.warn(`${this.address.name}: the websocket closed; looking after our prompts`);
    this.openedAt = Infinity;
    this.socket = null;
    this.tellWaiters();
    this.missed();
  }

  private receive(data: RawData, isBinary: boolean): void {
    this.signOfLifeAt = performance.now();
    const message = isBinary ? readBinary(data as Buffer) : readText((data as Buffer).toString('utf8'));
    if (message?.kind === 'status') this.registered();
    else if (message) for (const listener of this.listeners.get(message.promptId) ?? []) listener.hear(message);
  }

  private registered(): void {
    const [first, again] = [!this.hearing, this.statusAt > -Infinity];
    this.statusAt = performance.now();
    if (!first) return;
    if (again) this.logger.log(`${this.address.name}: the websocket is open again`);
    this.broken = false;
    this.tellWaiters();
    this.missed();
  }

  private tellWaiters(): void {
    for (const waiter of this.waiters) waiter();
    this.waiters.clear();
  }

  private checkAlive(socket: WebSocket): void {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (performance.now() - this.signOfLifeAt > 2 * this.timings.ping) socket.terminate();
    else socket.ping();
  }

  /** Asks the server to close, so that it has let go of the old socket before a new one comes; a dead link is cut. */
  private close(): void {
    const socket = this.socket;
    if (!socket) return;
    socket.close();
    setTimeout(() => socket.terminate(), this.timings.close).unref();
  }
}
