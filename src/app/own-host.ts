import { Config } from '../config/config.js';

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Whether a request names this service as its `Host`. An open service on loopback answers to no other name: a page elsewhere could have its own name lead here
 * (DNS rebinding), and would then be, to the browser, a page of this service.
 */
export function isOwnHost(host: string | undefined, { authenticated, ALLOW_ANONYMOUS, PUBLIC_URL }: Config): boolean {
  if (authenticated || ALLOW_ANONYMOUS || host === undefined) return true;
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  return LOOPBACK.test(name) || (PUBLIC_URL !== null && name === new URL(PUBLIC_URL).hostname);
}
