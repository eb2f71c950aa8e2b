import { Client, createClient } from 'graphql-ws';
import { createHash } from 'node:crypto';
import pRetry from 'p-retry';
import { WebSocket } from 'ws';

export interface DemoImage {
  position: number;
  index: number;
  seed: number;
  publicId: string;
  status: string;
  url: string | null;
  bytes: number | null;
  sha256: string | null;
  error: { message: string } | null;
}

export interface DemoEvent {
  number: number;
  position: number;
  status: string;
  error: { message: string } | null;
}

export interface DemoProgress {
  position: number;
  fraction: number;
}

const GENERATE = `mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { batch { id images { position index } } } }`;
const FOLLOW = `subscription ($batchId: ID!, $after: Int!) {
  imageStatusChanged(batchId: $batchId, after: $after) { number position status error { message } }
}`;
const PROGRESS = `subscription ($batchId: ID!) { imageProgress(batchId: $batchId) { position fraction } }`;
const IMAGES = `query ($id: ID!) {
  batch(id: $id) { images { position index seed publicId status url bytes sha256 error { message } } }
}`;

/** Uses the service as any client would: GraphQL over HTTP, subscriptions over graphql-ws, pictures by their URL. */
export class DemoClient {
  private readonly socket: Client;

  constructor(private readonly url: string) {
    this.socket = createClient({ url: `${url.replace(/^http/, 'ws')}/graphql`, webSocketImpl: WebSocket, retryAttempts: 10 });
  }

  async generate(input: object): Promise<{ id: string; images: Pick<DemoImage, 'position' | 'index'>[] }> {
    const { generateBatch } = await this.ask<{ generateBatch: { batch: { id: string; images: DemoImage[] } } }>(GENERATE, { input });
    return generateBatch.batch;
  }

  async images(id: string): Promise<DemoImage[]> {
    return (await this.ask<{ batch: { images: DemoImage[] } }>(IMAGES, { id })).batch.images;
  }

  /** Tells every event of the batch until it has ended; a connection that breaks is taken up again behind the last event seen. */
  async follow(batchId: string, tell: (event: DemoEvent) => void): Promise<void> {
    let after = 0;
    const read = async () => {
      for await (const { data } of this.socket.iterate<{ imageStatusChanged: DemoEvent }>({
        query: FOLLOW,
        variables: { batchId, after },
      })) {
        if (!data) continue;
        after = data.imageStatusChanged.number;
        tell(data.imageStatusChanged);
      }
    };
    await pRetry(read, { retries: 5, minTimeout: 200, randomize: true });
  }

  /** Tells the passing progress of the batch's images until it has ended. */
  async followProgress(batchId: string, tell: (progress: DemoProgress) => void): Promise<void> {
    const messages = this.socket.iterate<{ imageProgress: DemoProgress }>({ query: PROGRESS, variables: { batchId } });
    for await (const { data } of messages) if (data) tell(data.imageProgress);
  }

  /** SHA-256 of what the URL serves, lower-case hex. */
  async sha256At(url: string): Promise<string> {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
    return createHash('sha256')
      .update(Buffer.from(await response.arrayBuffer()))
      .digest('hex');
  }

  async close(): Promise<void> {
    await this.socket.dispose();
  }

  private async ask<Data>(query: string, variables: object): Promise<Data> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(30_000),
    });
    const { data, errors } = (await response.json()) as { data: Data; errors?: { message: string }[] };
    if (errors) throw new Error(errors.map(({ message }) => message).join(' '));
    return data;
  }
}
