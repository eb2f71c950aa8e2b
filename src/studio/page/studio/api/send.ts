import type { TadaDocumentNode } from 'gql.tada';
import { print } from '@0no-co/graphql.web';
import { ApiError } from './api-error';
import { isTokenWanted, token } from './token';

/** Milliseconds after which an answer is no longer waited for. */
const DEADLINE = 20_000;

/** Sends a query or a mutation and resolves with its data. Throws ApiError. */
export async function send<Data, Variables>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Data> {
  const sentWith = token.get()?.text;
  const deadline = AbortSignal.timeout(DEADLINE);
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json',
      ...(sentWith ? { Authorization: `Bearer ${sentWith}` } : {}),
    },
    body: JSON.stringify({ query: print(document), variables }),
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError('The service cannot be reached.', 'UNREACHABLE');
  });
  const { data, errors } = await answerOf<Data>(response);
  if (!errors) return data;
  const error = ApiError.from(errors);
  if (error.code === 'UNAUTHENTICATED' && token.get()?.text === sentWith) isTokenWanted.set(true);
  throw error;
}

interface Answer<Data> {
  data: Data;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/** A proxy in front of the service may answer with a page of its own. */
async function answerOf<Data>(response: Response): Promise<Answer<Data>> {
  try {
    return (await response.json()) as Answer<Data>;
  } catch {
    throw new ApiError(
      `The service answered with HTTP ${response.status}.`,
      response.status >= 500 ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR',
    );
  }
}
