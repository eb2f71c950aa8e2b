import { createClient } from 'graphql-ws';
import { setTimeout } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { FollowedBatch, SeenEvent } from './evidence.js';

const FOLLOW = `subscription ($batchId: ID!, $after: Int!) {
  imageStatusChanged(batchId: $batchId, after: $after) { number position index status batchStatus }
}`;
const OPEN = ['QUEUED', 'RUNNING'];

type Told = SeenEvent & { batchStatus: string };

/** Follows batches as a client does whose connection breaks at random: it comes back with the number of the last event that it has seen. */
export class Follower {
  constructor(
    private readonly apis: () => string[],
    private readonly random: () => number,
    private readonly onEvent: (event: SeenEvent) => void,
    private readonly over: AbortSignal,
  ) {}

  /** Resolves when the batch has ended, with every event as it came; earlier only when the time is over. */
  async follow(batchId: string): Promise<FollowedBatch> {
    const followed: FollowedBatch = { batchId, events: [], connections: 0, hasEnded: false };
    while (!followed.hasEnded && !this.over.aborted) {
      followed.connections++;
      followed.hasEnded = await this.connection(followed).catch(() => false);
      if (!followed.hasEnded) await setTimeout(50 + 250 * this.random(), undefined, { signal: this.over }).catch(() => undefined);
    }
    return followed;
  }

  /** One connection, which breaks after so many events; true once the service says that there is no more, which it may say to a connection that has seen no event. */
  private async connection(followed: FollowedBatch): Promise<boolean> {
    let left = this.random() < 0.5 ? Infinity : 1 + Math.floor(this.random() * 20);
    let socket: WebSocket | undefined;
    const client = createClient({
      url: this.url(),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionAckWaitTimeout: 10_000,
      on: { opened: (opened) => (socket = opened as WebSocket) },
    });
    const stop = () => socket?.terminate();
    this.over.addEventListener('abort', stop);
    try {
      const variables = { batchId: followed.batchId, after: followed.events.at(-1)?.number ?? 0 };
      for await (const { data } of client.iterate<{ imageStatusChanged: Told }>({ query: FOLLOW, variables })) {
        if (!data) throw new Error('The service could not say.');
        const { batchStatus, ...event } = data.imageStatusChanged;
        followed.events.push(event);
        this.onEvent(event);
        if (--left === 0 && OPEN.includes(batchStatus)) socket?.terminate();
      }
      return true;
    } finally {
      this.over.removeEventListener('abort', stop);
      socket?.terminate();
    }
  }

  private url(): string {
    const apis = this.apis();
    return `${apis[Math.floor(this.random() * apis.length)].replace(/^http/, 'ws')}/graphql`;
  }
}
