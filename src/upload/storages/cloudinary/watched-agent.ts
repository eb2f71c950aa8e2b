import type { Agent, ClientRequest } from 'node:http';

/** Sees the one request that is made through it, so that it can be ended: the SDK offers no way to. */
export interface WatchedAgent {
  agent: Agent;
  /** Ends the request unless its answer was read to the end; the connection is then free for the next or closed, never pinned. */
  release: () => void;
}

/** An agent that stands for `shared` in a single request. */
export function watch(shared: Agent): WatchedAgent {
  let request: ClientRequest | undefined;
  let answered = false;
  const agent = Object.create(shared, {
    addRequest: {
      value: (made: ClientRequest, options: unknown) => {
        request = made.once('response', (response) => response.once('end', () => (answered = true)));
        (shared as unknown as { addRequest(made: ClientRequest, options: unknown): void }).addRequest(made, options);
      },
    },
  }) as Agent;
  return { agent, release: () => void (answered || request?.destroy()) };
}
