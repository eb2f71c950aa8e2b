import { Logger } from '@nestjs/common';
import type { BackendReport } from '../../image-generator.js';
import type { ApiGraph } from '../../workflows/api-graph.js';
import type { ServerAddress } from './comfyui-address.js';
import { ComfyuiApi } from './comfyui-api.js';
import { ComfyuiHealth } from './comfyui-health.js';
import { needs, type MissingThing } from './comfyui-refusal.js';
import { ComfyuiSocket } from './comfyui-socket.js';
import type { ComfyuiTimings } from './comfyui-timings.js';
import { HistoryCleaner } from './history-cleaner.js';

/** One server: its calls, its socket, its health, and what is to be forgotten there. */
export class ComfyuiServer {
  readonly name: string;
  readonly api: ComfyuiApi;
  readonly socket: ComfyuiSocket;
  readonly health: ComfyuiHealth;
  readonly cleaner: HistoryCleaner;
  private readonly logger = new Logger('ComfyUI');
  private lastNumber = -1;
  /** Things that it refused prompts for, and until when that is remembered. */
  private readonly lacking: { thing: MissingThing; until: number }[] = [];

  constructor(
    address: ServerAddress,
    private readonly timings: ComfyuiTimings,
  ) {
    this.name = address.name;
    this.api = new ComfyuiApi(address, timings);
    this.socket = new ComfyuiSocket(address, timings);
    this.health = new ComfyuiHealth(address.name, this.api, timings);
    this.cleaner = new HistoryCleaner(this.api, timings.keepHistory);
  }

  start(): void {
    this.socket.start();
    this.health.start();
  }

  async stop(): Promise<void> {
    this.cleaner.stop();
    await Promise.all([this.socket.stop(), this.health.stop()]);
  }

  report(): BackendReport {
    const { healthy, version, embeddings, checkpoints, lastError, lastSeenAt } = this.health;
    return { name: this.name, healthy, version, embeddings, checkpoints, lastError, lastSeenAt };
  }

  /** Takes the number that the server gave to a prompt. It counts up from 0, so a lower one means that it was restarted and lost its queue. */
  numbered(number: number): void {
    if (number < this.lastNumber) {
      this.logger.warn(`${this.name}: restarted; looking after our prompts`);
      this.socket.missed();
    }
    this.lastNumber = number;
  }

  /** Remembers for a while that the server refused a prompt because it lacks these. */
  lacks(things: MissingThing[]): void {
    const until = performance.now() + this.timings.lacking;
    this.lacking.push(...things.map((thing) => ({ thing, until })));
  }

  /** Whether the server lately refused a prompt for something that this graph needs too. */
  lacksFor(graph: ApiGraph): boolean {
    const now = performance.now();
    this.lacking.splice(0, this.lacking.length, ...this.lacking.filter(({ until }) => until > now));
    return this.lacking.some(({ thing }) => needs(graph, thing));
  }
}
