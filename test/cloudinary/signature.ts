import { createHash } from 'node:crypto';
import { ApiError } from './api-error.js';
import type { Account } from './inside.js';

const unsignedParams = ['file', 'cloud_name', 'resource_type', 'api_key', 'signature'];
const hourMs = 3_600_000;

/** Throws ApiError 400 or 401 unless these parameters were signed with the account's secret within the last hour. */
export function checkSignature(params: Record<string, string>, { key, secret }: Account, now: number): void {
  if (!params.signature && !params.api_key) refuseUnsigned(params);
  if (!params.api_key) throw new ApiError(400, 'Missing required parameter - api_key');
  if (params.api_key !== key) throw new ApiError(401, `Unknown API key ${params.api_key}`);
  if (!params.signature) throw new ApiError(400, 'Missing required parameter - signature');
  if (!params.timestamp) throw new ApiError(400, 'Missing required parameter - timestamp');
  checkTimestamp(params.timestamp, now);
  if (validSignatures(params, secret).includes(params.signature)) return;
  throw new ApiError(401, `Invalid Signature ${params.signature}. String to sign - '${stringToSign(params, 1)}'.`);
}

/** The signature within an answer: always SHA-1, always the first way. */
export function answerSignature(publicId: string, version: number, secret: string): string {
  return hash('sha1', `public_id=${publicId}&version=${version}${secret}`);
}

function refuseUnsigned({ upload_preset }: Record<string, string>): never {
  if (upload_preset) throw new ApiError(400, 'Upload preset must be whitelisted for unsigned uploads');
  throw new ApiError(400, 'Upload preset must be specified when using unsigned upload');
}

function checkTimestamp(timestamp: string, now: number): void {
  const at = Number(timestamp) * 1000;
  if (Math.abs(now - at) <= hourMs) return;
  if (!Number.isFinite(at)) throw new ApiError(400, `Invalid value ${timestamp} for parameter timestamp`);
  const reported = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const word = at < now ? 'ago' : 'ahead';
  throw new ApiError(400, `Stale request - reported time is ${reported} +0000 which is more than 1 hour ${word}`);
}

function validSignatures(params: Record<string, string>, secret: string): string[] {
  return [1, 2].flatMap((version) => ['sha1', 'sha256'].map((algorithm) => hash(algorithm, stringToSign(params, version) + secret)));
}

/** Version 2 hides what would look like another parameter within a value. */
function stringToSign(params: Record<string, string>, version: number): string {
  const signed = Object.entries(params).filter(([name, value]) => value !== '' && !unsignedParams.includes(name));
  const pairs = signed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  return pairs.map((pair) => (version === 2 ? pair.replaceAll('&', '%26') : pair)).join('&');
}

function hash(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}
