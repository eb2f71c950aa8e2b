import { Client, createClient, ExecutionResult } from 'graphql-ws';
import { GraphQLError } from 'graphql';
import { WebSocket } from 'ws';
import { FOLLOW, PROGRESS, ShownEvent, ShownProgress } from './batch-operations.js';
import { faultOf, ServiceAwayError, tokenRefused } from './service-errors.js';
import { Service } from './service.js';
import { Watch, whileAway } from './while-away.js';

/** A quiet connection is asked for a sign of life, and given up when none comes. Milliseconds. */
const ASK_EVERY = 10_000;
const ANSWER_WITHIN = 5_000;
/** A connection that has lasted so long was a good one: when it is lost, the patience begins anew. Milliseconds. */
const LASTING = 5_000;
const FORBIDDEN = 4403;

export interface BatchWatcher {
  onEvent(event: ShownEvent): void;
  /** Passing progress of an image; without this it is not asked for. */
  onProgress?(progress: ShownProgress): void;
}

/** Follows batches over graphql-ws; a connection that breaks is taken up again behind the last event seen. */
export class BatchFollower {
  private after = 0;

  constructor(
    private readonly service: Service,
    private readonly watch: Watch,
  ) {}

  /** Tells each event behind the last one told, once and in order; resolves when the service says that the batch has ended. */
  async follow(batchId: string, watcher: BatchWatcher): Promise<void> {
    let hasEnded = false;
    while (!hasEnded) hasEnded = await whileAway(() => this.followOnce(batchId, watcher), this.service, this.watch);
  }

  /** True when the batch has ended, false when a good connection was lost; throws where none came about. */
  private async followOnce(batchId: string, watcher: BatchWatcher): Promise<boolean> {
    const { signal } = this.watch;
    const [begun, seen] = [Date.now(), this.after];
    const client = connect(this.service);
    const stop = () => client.terminate();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await this.read(client, batchId, watcher);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      const wasGood = this.after > seen || Date.now() - begun > LASTING;
      if (wasGood && error instanceof ServiceAwayError) return false;
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      client.terminate();
    }
  }

  private read(client: Client, batchId: string, watcher: BatchWatcher): Promise<void> {
    if (watcher.onProgress) readProgress(client, batchId, (progress) => watcher.onProgress?.(progress));
    return new Promise((resolve, reject) => {
      const next = ({ data, errors }: ExecutionResult<{ imageStatusChanged: ShownEvent }>) => {
        if (errors) return reject(faultOf(errors));
        if (!data) return;
        this.after = data.imageStatusChanged.number;
        watcher.onEvent(data.imageStatusChanged);
      };
      const sink = { next, error: (error: unknown) => reject(lossOf(error)), complete: resolve };
      client.subscribe({ query: FOLLOW, variables: { batchId, after: this.after } }, sink);
    });
  }
}

/** Nothing depends on it: what goes wrong here goes wrong for the events too. */
function readProgress(client: Client, batchId: string, tell: (progress: ShownProgress) => void): void {
  const next = ({ data }: ExecutionResult<{ imageProgress: ShownProgress }>) => data && tell(data.imageProgress);
  client.subscribe({ query: PROGRESS, variables: { batchId } }, { next, error: () => undefined, complete: () => undefined });
}

/** One connection, which is not taken up again by itself. */
function connect({ url, token }: Service): Client {
  class Socket extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { handshakeTimeout: ANSWER_WITHIN });
      // The close event tells it, too; and graphql-ws no longer listens when it gives up a socket that is not open yet.
      this.on('error', () => undefined);
    }
  }
  let overdue: NodeJS.Timeout | undefined;
  const client = createClient({
    ...{ url: `${url.replace(/^http/, 'ws')}/graphql`, webSocketImpl: Socket, retryAttempts: 0 },
    ...{ keepAlive: ASK_EVERY, connectionAckWaitTimeout: ANSWER_WITHIN },
    connectionParams: token ? { authorization: `Bearer ${token}` } : {},
    on: {
      ping: (received) => {
        if (!received) overdue = setTimeout(() => client.terminate(), ANSWER_WITHIN);
      },
      pong: () => clearTimeout(overdue),
      closed: () => clearTimeout(overdue),
    },
  });
  return client;
}

/** Errors of the operation come as a list, lost connections as close events. */
function lossOf(error: unknown): Error {
  if (Array.isArray(error)) return faultOf(error as GraphQLError[]);
  const { code, message } = error as { code?: number | string; message?: string };
  if (code === FORBIDDEN) return tokenRefused();
  return new ServiceAwayError(typeof code === 'number' ? `the connection was closed with ${code}` : message || 'the connection was lost');
}
