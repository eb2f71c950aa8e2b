import { BatchFollower, BatchWatcher } from './batch-follower.js';
import { GENERATE, READ, ShownBatch } from './batch-operations.js';
import { faultOf, RefusedError, ServiceAwayError } from './service-errors.js';
import { Service } from './service.js';
import { Watch, whileAway } from './while-away.js';

/** The service itself answers within 10 s. Milliseconds. */
const ANSWER_WITHIN = 15_000;

/** GenerateBatchInput of the schema, with the key that makes it safe to send again. */
export interface BatchWish {
  username?: string;
  character: string;
  prompt: string;
  count?: number;
  seed?: number;
  width?: number;
  height?: number;
  steps?: number;
  workflow?: string;
  idempotencyKey: string;
}

interface GraphqlAnswer {
  data?: unknown;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** Uses a service as any client would: GraphQL over HTTP, subscriptions over graphql-ws. Throws RefusedError, and UnreachableError. */
export class ServiceClient {
  constructor(
    private readonly service: Service,
    private readonly watch: Watch,
  ) {}

  /** Asks for a batch; a request whose answer was lost is sent again, under the same key. */
  async generate(input: BatchWish): Promise<{ batch: ShownBatch; replayed: boolean }> {
    return (await this.ask<{ generateBatch: { batch: ShownBatch; replayed: boolean } }>(GENERATE, { input })).generateBatch;
  }

  async batch(id: string): Promise<ShownBatch> {
    const { batch } = await this.ask<{ batch: ShownBatch | null }>(READ, { id });
    if (!batch) throw new RefusedError(`There is no batch ${id} here, or it is another user's.`);
    return batch;
  }

  /** Tells every event of the batch from its first, each once and in order, until it has ended; resolves with how it ended. */
  async follow(id: string, watcher: BatchWatcher): Promise<ShownBatch> {
    const follower = new BatchFollower(this.service, this.watch);
    for (;;) {
      await follower.follow(id, watcher);
      const batch = await this.batch(id);
      // Nothing is on its way any more, unless a retry has just opened it again.
      if (!['QUEUED', 'RUNNING'].includes(batch.status)) return batch;
    }
  }

  private ask<Data>(query: string, variables: object): Promise<Data> {
    return whileAway(() => this.askOnce<Data>(query, variables), this.service, this.watch);
  }

  private async askOnce<Data>(query: string, variables: object): Promise<Data> {
    const { token, url } = this.service;
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.any([this.watch.signal, AbortSignal.timeout(ANSWER_WITHIN)]),
    }).catch((error: Error) => this.fail(error));
    const answer = await response.text().catch((error: Error) => this.fail(error));
    return dataOf(answer, response.status, url) as Data;
  }

  private fail(error: Error): never {
    this.watch.signal.throwIfAborted();
    throw new ServiceAwayError(reasonOf(error));
  }
}

function dataOf(text: string, status: number, url: string): unknown {
  const { data, errors } = parse(text);
  if (errors?.length) throw faultOf(errors);
  if (data) return data;
  // A proxy speaks for a service that is just being started.
  if (status >= 500) throw new ServiceAwayError(`HTTP ${status}`);
  throw new RefusedError(`What answers at ${url}/graphql is no Filmroll (HTTP ${status}).`);
}

function parse(text: string): GraphqlAnswer {
  try {
    return (JSON.parse(text) as GraphqlAnswer | null) ?? {};
  } catch {
    return {};
  }
}

/** Why no answer came, in a word. */
function reasonOf({ name, message, cause }: Error): string {
  if (name === 'TimeoutError') return `no answer within ${ANSWER_WITHIN / 1_000} s`;
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
}
