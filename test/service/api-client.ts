import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface Answer<Data> {
  status: number;
  data: Data;
  errors?: { message: string; path?: string[]; extensions: { code: string; fields?: { field: string; message: string }[] } }[];
}

/** The service has answered with errors. */
export class RefusedError extends Error {
  constructor(readonly errors: NonNullable<Answer<unknown>['errors']>) {
    super(JSON.stringify(errors));
  }
}

/** Talks to the service as any client would: GraphQL over HTTP and over graphql-ws. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly token?: string,
  ) {}

  /** Sends one operation over HTTP; resolves with whatever came back. */
  async send<Data = any>(query: string, variables: object = {}): Promise<Answer<Data>> {
    const response = await this.post(JSON.stringify({ query, variables }));
    return { status: response.status, ...((await response.json()) as Omit<Answer<Data>, 'status'>) };
  }

  /** Sends one operation that is expected to work, and resolves with its data. */
  async ask<Data = any>(query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await this.send<Data>(query, variables);
    if (errors) throw new RefusedError(errors);
    return data;
  }

  post(body: string): Promise<Response> {
    const authorization = this.token ? { authorization: `Bearer ${this.token}` } : undefined;
    return fetch(`${this.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...authorization }, body });
  }

  /** Follows a subscription until it completes or the reader stops; each item is the data of one message. Throws RefusedError. */
  async *follow<Data = any>(query: string, variables: object = {}): AsyncGenerator<Data> {
    const client = createClient({
      url: `${this.url.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: this.token ? { authorization: `Bearer ${this.token}` } : undefined,
    });
    try {
      for await (const { data, errors } of client.iterate<Data>({ query, variables: variables as Record<string, unknown> })) {
        if (errors) throw new RefusedError(errors as RefusedError['errors']);
        yield data!;
      }
    } catch (error) {
      throw Array.isArray(error) ? new RefusedError(error) : error;
    } finally {
      await client.dispose();
    }
  }

  /** Asks for a batch and resolves with its id. */
  async generate(input: object): Promise<string> {
    const query = 'mutation ($input: GenerateBatchInput!) { generateBatch(input: $input) { batch { id } } }';
    const defaults = { username: 'ada', character: 'luna', prompt: 'at the lighthouse, dusk', width: 64, height: 64 };
    const { generateBatch } = await this.ask(query, { input: { ...defaults, ...input } });
    return generateBatch.batch.id;
  }

  /** Waits for the end of a batch, by its events; resolves with the last one's batch status. */
  async ended(batchId: string): Promise<string> {
    let status = 'no event';
    const events = this.follow('subscription ($batchId: ID!) { imageStatusChanged(batchId: $batchId) { number batchStatus } }', {
      batchId,
    });
    for await (const { imageStatusChanged } of events) status = imageStatusChanged.batchStatus;
    return status;
  }
}
