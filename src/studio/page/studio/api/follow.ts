import { print } from '@0no-co/graphql.web';
import type { TadaDocumentNode } from 'gql.tada';
import { type Client, createClient } from 'graphql-ws';
import { ApiError } from './api-error';
import { connection, linkIs } from './connection';
import { anotherToken, isTokenWanted, token } from './token';

/** Milliseconds. A quiet socket is asked for a sign of life, and given up when none comes. */
const ASK_EVERY = 10_000;
const ANSWER_WITHIN = 5_000;
const LONGEST_PAUSE = 4_000;
/** Close code of graphql-ws: who asks may not. */
const FORBIDDEN = 4403;

let client: Client | undefined;

/** Opens the one socket of the page, and keeps it open: lost, it is opened again until that works. */
export function connect(): void {
  let overdue: ReturnType<typeof setTimeout>;
  client = createClient({
    url: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    lazy: false,
    connectionParams: () => {
      const sent = token.get();
      return sent ? { authorization: `Bearer ${sent.text}` } : {};
    },
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: (retries) => pause(retries),
    keepAlive: ASK_EVERY,
    on: {
      connected: () => linkIs('live'),
      closed: (event) => {
        clearTimeout(overdue);
        if ((event as CloseEvent).code === FORBIDDEN && token.get()) isTokenWanted.set(true);
        linkIs('reconnecting');
      },
      ping: (received) => {
        if (!received) overdue = setTimeout(() => client?.terminate(), ANSWER_WITHIN);
      },
      pong: (received) => {
        if (received) clearTimeout(overdue);
      },
    },
    onNonLazyError: () => linkIs('reconnecting'),
  });
  token.subscribe(() => client?.terminate());
}

/**
 * Follows a subscription until it completes or `signal` aborts. The socket may be lost and found meanwhile: then the subscription
 * is sent again, and a getter among `variables` is read again. Throws ApiError.
 */
export async function* follow<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
): AsyncGenerator<Data> {
  if (!client || signal.aborted) return;
  const results = client.iterate<Data>({ query: print(document), variables });
  const end = () => void results.throw?.(new ApiError('Nobody watches any more.', 'ABORTED'));
  const stop = () => {
    void results.return?.();
    end();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    for await (const { data, errors } of results) {
      if (errors) throw ApiError.from(errors);
      if (data) yield data;
    }
  } catch (error) {
    if (!signal.aborted) throw asApiError(error);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Errors of the operation come as a list, lost sockets as events. */
function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return Array.isArray(error) ? ApiError.from(error) : new ApiError('The connection to the service was lost.', 'UNREACHABLE');
}

/** Longer and longer, never long; cut short by a network that comes back. Without a token that is asked for there is nothing to try. */
async function pause(retries: number): Promise<void> {
  if (isTokenWanted.get()) await anotherToken();
  const length = Math.min(250 * 2 ** retries, LONGEST_PAUSE) * (0.75 + Math.random() / 2);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, connection.get().link === 'connecting' ? 100 : length);
    addEventListener('online', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
