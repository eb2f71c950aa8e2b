import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';

const send = createGraphiQLFetcher({
  url: '/graphql',
  subscriptionUrl: `${location.origin.replace(/^http/, 'ws')}/graphql`,
  enableIncrementalDelivery: false,
});

/** What the last request was sent with, and the batch made last: the tab opened next wants both. */
export const last: { headers: Record<string, string>; batchId: string | null } = { headers: {}, batchId: null };

/** Sends queries and mutations over HTTP and subscriptions over graphql-ws, each with the headers of its tab, and keeps `last`. */
export const fetcher: Fetcher = async (params, options) => {
  last.headers = options?.headers ?? {};
  const result = await send(params, options);
  last.batchId = generatedBatch(result) ?? last.batchId;
  return result;
};

function generatedBatch(result: object): string | undefined {
  return (result as { data?: { generateBatch?: { batch?: { id?: string } } } }).data?.generateBatch?.batch?.id;
}
