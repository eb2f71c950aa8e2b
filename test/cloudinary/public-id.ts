import { randomBytes } from 'node:crypto';
import { ApiError } from './api-error.js';

const forbidden = /[?&#\\%<>+]/;
/** Which characters the service calls special is not told in full; symbols and control characters are taken for such. */
const special = /[^\p{L}\p{M}\p{N}_\-./ :@,()!]/gu;

/** The public id under which an upload with these parameters is stored; a random one when none is asked for. Throws ApiError 400. */
export function publicIdFor(params: Record<string, string>, filename: string): string {
  const prefix = params.public_id_prefix ?? params.folder;
  const name = params.public_id ?? nameFromFile(params, filename);
  return normalPublicId(prefix ? `${prefix}/${name}` : name);
}

/** Rewrites as the service does: two ids that were asked for may become one. Throws ApiError 400 for what it refuses. */
export function normalPublicId(asked: string): string {
  const trimmed = asked.replace(/^[\s/]+|[\s/]+$/g, '').replace(/\/{2,}/g, '/');
  const id = trimmed
    .replace(special, '\0')
    .replace(/^\0+|\0+$/g, '')
    .replaceAll('\0', '_');
  const hasVersionFolder = id
    .split('/')
    .slice(0, -1)
    .some((folder) => /^v\d+$/.test(folder));
  if (id === '' || [...id].length > 255 || forbidden.test(trimmed) || hasVersionFolder) {
    throw new ApiError(400, `public_id (${asked}) is invalid`);
  }
  return id;
}

function nameFromFile(params: Record<string, string>, filename: string): string {
  if (!isTrue(params.use_filename)) return random(20);
  const name = filename.replace(/\.[^.]*$/, '');
  return isTrue(params.unique_filename ?? '1') ? `${name}_${random(6)}` : name;
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

function random(length: number): string {
  return [...randomBytes(length)].map((byte) => (byte % 36).toString(36)).join('');
}
