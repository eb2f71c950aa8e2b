import type { Request, Response } from 'express';
import type { Inside } from './inside.js';
import type { Asset } from './shelf.js';

/** GET /:cloud/:resource_type/:type/v…/:public_id.:format. The version is for caches alone: what is stored now is what comes. */
export function deliver(inside: Inside, request: Request, response: Response): void {
  const [, cloud, resourceType, type, ...rest] = request.path.split('/').map(decodeURIComponent);
  const name = rest.slice(/^v\d+$/.test(rest[0]) ? 1 : 0).join('/');
  const asset = cloud === inside.account.cloud ? find(inside, resourceType, type, name) : undefined;
  if (!asset)
    return void response
      .status(404)
      .set('X-Cld-Error', `Resource not found - ${encodeURI(name)}`)
      .end();
  response.type(asset.format ?? 'application/octet-stream').set('ETag', `"${asset.etag}"`);
  response.set('Cache-Control', 'public, no-transform, immutable, max-age=2592000').send(asset.bytes);
}

function find({ store }: Inside, resourceType: string, type: string, name: string): Asset | undefined {
  const { assets } = store.shelf(resourceType, type);
  if (resourceType === 'raw') return assets.get(name);
  const asset = assets.get(name.replace(/\.[^./]+$/, ''));
  return asset && name === `${asset.publicId}.${asset.format}` ? asset : assets.get(name);
}
