import { Config } from '../config/config.js';

/** What every page of ours may do: load from its own origin and talk to it (`connect-src 'self'` covers ws and wss too), nothing else. */
const OWN_ORIGIN_ONLY = {
  'default-src': "'none'",
  'script-src': "'self'",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'style-src': "'self'",
  'font-src': "'self'",
  'img-src': "'self' data:",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

type Policy = typeof OWN_ORIGIN_ONLY;

/** Headers of every file that a page loads. */
export const FILE_HEADERS = headersWith(OWN_ORIGIN_ONLY);

/** Headers of GraphiQL: the Monaco editor writes its themes and line positions as inline styles. Scripts stay files only. */
export const GRAPHIQL_HEADERS = headersWith({ ...OWN_ORIGIN_ONLY, 'style-src': "'self' 'unsafe-inline'" });

/** Headers of the queue dashboard: BullMQ's page says itself what its addresses begin with and writes inline styles; a form signs admins in. */
export const DASHBOARD_HEADERS = headersWith({
  ...OWN_ORIGIN_ONLY,
  'style-src': "'self' 'unsafe-inline'",
  'base-uri': "'self'",
  'form-action': "'self'",
});

/** Headers of the studio: it shows pictures from wherever the ledger says that they are stored, here or behind https. */
export function studioHeaders(config: Config): Record<string, string> {
  return headersWith({ ...OWN_ORIGIN_ONLY, 'img-src': `'self' data: https: ${new URL(config.PUBLIC_URL ?? config.origin).origin}` });
}

function headersWith(policy: Policy): Record<string, string> {
  return {
    'Content-Security-Policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  };
}
