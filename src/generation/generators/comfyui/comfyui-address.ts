import { ConfigError } from '../../../config/config.js';

/** Where one ComfyUI server is. Only `headers` holds secrets. */
export interface ServerAddress {
  /** For people, rows and logs: the URL's fragment, or its host and path. */
  name: string;
  /** `http://host:port/prefix`, without a slash at its end. */
  http: string;
  /** The same with ws: or wss:. */
  ws: string;
  headers: Record<string, string>;
}

/**
 * Reads one of COMFYUI_URLS: `http://user:password@host:8188/prefix#name`. User and password become a Basic Authorization header.
 * Throws ConfigError without repeating the URL.
 */
export function parseAddress(text: string, headers: Record<string, string>): ServerAddress {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.search) {
    throw new ConfigError(['COMFYUI_URLS must be http:// or https:// addresses without a query, separated by commas']);
  }
  const place = url.host + url.pathname.replace(/\/+$/, '');
  return {
    name: decode(url.hash.slice(1)) || place,
    http: `${url.protocol}//${place}`,
    ws: `${url.protocol.replace('http', 'ws')}//${place}`,
    headers: { ...headers, ...authorization(url) },
  };
}

function authorization(url: URL): Record<string, string> {
  if (!url.username && !url.password) return {};
  const pair = `${decode(url.username)}:${decode(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
