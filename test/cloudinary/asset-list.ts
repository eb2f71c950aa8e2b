import { ApiError } from './api-error.js';
import { adminAnswer } from './asset-answer.js';
import type { Inside } from './inside.js';
import type { Asset, Shelf } from './shelf.js';

/** Asked for with `fields`, these come whatever was asked for. */
const always = ['asset_id', 'public_id', 'resource_type', 'type'];

/** GET /resources/:resource_type/:type. With a prefix in order of public id, without one the newest first; throws ApiError 400. */
export function listAnswer(inside: Inside, shelf: Shelf, query: URLSearchParams): object {
  const ids = query.getAll('public_ids[]');
  if (ids.length > 0) return { resources: byIds(shelf, ids).map((asset) => item(inside, asset, query)) };
  const size = Math.min(wholeNumber(query.get('max_results') ?? '10'), 500);
  const matching = remaining(shelf, query.get('prefix') ?? '', query.get('next_cursor'));
  const page = matching.slice(0, size);
  const next_cursor = matching.length > size ? { next_cursor: cursorBehind(page.at(-1)!) } : {};
  return { resources: page.map((asset) => item(inside, asset, query)), ...next_cursor };
}

function byIds(shelf: Shelf, ids: string[]): Asset[] {
  if (ids.length > 100) throw new ApiError(400, 'Too many public_ids, maximum is 100');
  return ids.flatMap((id) => shelf.assets.get(id) ?? []);
}

function remaining(shelf: Shelf, prefix: string, cursor: string | null): Asset[] {
  const last = cursor === null ? null : readCursor(cursor);
  if (prefix === '') return shelf.newestFirst().filter(({ serial }) => last === null || serial < last.serial);
  const behind = (publicId: string) => last === null || Buffer.compare(Buffer.from(publicId), Buffer.from(last.publicId)) > 0;
  return shelf.inOrderOfId().filter(({ publicId }) => publicId.startsWith(prefix) && behind(publicId));
}

function item(inside: Inside, asset: Asset, query: URLSearchParams): object {
  const fields = query.getAll('fields').flatMap((field) => field.split(','));
  const { listEtags } = inside.settings;
  const told: Record<string, unknown> = { ...adminAnswer(inside, asset), ...(listEtags !== 'never' && { etag: asset.etag }) };
  if (fields.length > 0) return Object.fromEntries(Object.entries(told).filter(([name]) => [...always, ...fields].includes(name)));
  if (listEtags !== 'always') delete told.etag;
  return told;
}

/** Says where the last page ended, so that it stays right while assets come and go. */
function cursorBehind({ publicId, serial }: Asset): string {
  return Buffer.from(JSON.stringify({ publicId, serial })).toString('hex');
}

function readCursor(cursor: string): { publicId: string; serial: number } {
  try {
    return JSON.parse(Buffer.from(cursor, 'hex').toString());
  } catch {
    throw new ApiError(400, 'Invalid value for parameter next_cursor');
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new ApiError(400, `Invalid value ${text} for parameter max_results`);
  return Number(text);
}
