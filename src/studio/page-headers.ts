/**
 * What a page of ours may do: load from its own origin and talk to it (`connect-src 'self'` covers ws and wss too), and show pictures from
 * wherever storage delivers them; nothing else.
 * `style-src` must allow inline styles, for the Monaco editor writes its themes and line positions that way; scripts stay files only.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data: https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers of every page and of every file that a page loads. */
export const PAGE_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
