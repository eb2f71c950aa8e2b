import { ApiError } from './api-error.js';
import { adminAnswer } from './asset-answer.js';
import { listAnswer } from './asset-list.js';
import type { Inside } from './inside.js';
import type { Visit, Work } from './visit.js';

/** Everything of the Admin API: who asks, the limit, then the route. */
export function admin(inside: Inside, work: Work): Work {
  return async (visit) => {
    authenticate(inside, visit);
    try {
      inside.limit.take();
      return await work(visit);
    } finally {
      visit.response.set(inside.limit.headers);
    }
  };
}

/** GET /resources/:resource_type/:type/:public_id; the id may have slashes, encoded or not. */
export function getResource(inside: Inside, { path }: Visit): object {
  const [, , resourceType, type, ...id] = path.split('/').map(decodeURIComponent);
  const asset = inside.store.shelf(resourceType, type).assets.get(id.join('/'));
  if (!asset) throw new ApiError(404, `Resource not found - ${id.join('/')}`);
  return { ...adminAnswer(inside, asset), etag: asset.etag, derived: [] };
}

/** GET /resources/:resource_type/:type. */
export function getResources(inside: Inside, { path, query }: Visit): object {
  const [, , resourceType, type] = path.split('/');
  return listAnswer(inside, inside.store.shelf(resourceType, type), query);
}

/** GET /usage. */
export function getUsage({ store, settings }: Inside): object {
  const { maxImageBytes: image_max_size_bytes } = settings;
  const media_limits = { image_max_size_bytes, image_max_px: 25_000_000, asset_max_total_px: 50_000_000 };
  return { plan: 'Free', resources: store.images.assets.size + store.strays.length, media_limits };
}

function authenticate({ account }: Inside, { request }: Visit): void {
  const [scheme, credentials = ''] = (request.get('authorization') ?? '').split(' ');
  const [key, ...secret] = Buffer.from(credentials, 'base64').toString().split(':');
  if (scheme !== 'Basic' || key !== account.key) throw new ApiError(401, 'Invalid api_key');
  if (secret.join(':') !== account.secret) throw new ApiError(401, 'api_secret mismatch');
}
