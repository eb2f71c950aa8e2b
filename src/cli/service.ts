import ms from 'ms';
import { loadEnvFile } from '../config/env-file.js';
import { RefusedError } from './service-errors.js';

const DEFAULT_URL = 'http://127.0.0.1:3000';

/** What a command that uses a service was told about it. */
export interface ServiceOptions {
  url?: string;
  token?: string;
  /** As in 60s. */
  patience: string;
}

/** A running service, and how to be let in. */
export interface Service {
  /** Without a slash at the end. */
  url: string;
  token: string | null;
  /** How long it may be away before it is given up. Milliseconds. */
  patience: number;
}

/** The service of the options, else of FILMROLL_URL and FILMROLL_TOKEN. Throws RefusedError, which shows neither token nor password. */
export function serviceOf(options: ServiceOptions): Service {
  loadEnvFile();
  const { FILMROLL_URL, FILMROLL_TOKEN } = process.env;
  const token = options.token ?? (FILMROLL_TOKEN || null);
  if (token !== null && !/^[\w.~+/=-]+$/.test(token)) throw new RefusedError('--token holds characters that no token has.');
  return { url: addressOf(options.url ?? (FILMROLL_URL || DEFAULT_URL)), token, patience: durationOf(options.patience) };
}

function addressOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new RefusedError(`--url must begin with http:// or https://, as in ${DEFAULT_URL}.`);
  if (url.username || url.password) throw new RefusedError('--url must hold no username and no password: who you are is told by --token.');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function durationOf(text: string): number {
  const duration = /^\d+(\.\d+)?(ms|s|m|h)$/.test(text) ? ms(text as ms.StringValue) : NaN;
  if (Number.isNaN(duration)) throw new RefusedError('--patience must be a time, as in 500ms, 60s, 5m or 1h.');
  return duration;
}
