import type { Inside } from './inside.js';
import type { Asset } from './shelf.js';
import { answerSignature } from './signature.js';

/** An asset as the Upload API tells it. */
export function uploadAnswer(inside: Inside, asset: Asset): object {
  const { publicId, version, versionId, etag, pages, originalFilename } = asset;
  const signature = answerSignature(publicId, version, inside.account.secret);
  const more = { version_id: versionId, signature, tags: [], pages, etag, placeholder: false, original_filename: originalFilename };
  return { ...adminAnswer(inside, asset), ...more, api_key: inside.account.key };
}

/** An asset as the Admin API lists it. */
export function adminAnswer({ account, origin }: Inside, asset: Asset): Record<string, unknown> {
  const { publicId, format, version, resourceType, type, bytes, width, height } = asset;
  const path = publicId.split('/').map(encodeURIComponent).join('/').replaceAll('%3A', ':');
  const url = `${origin()}/${account.cloud}/${resourceType}/${type}/v${version}/${path}${format === null ? '' : `.${format}`}`;
  return {
    asset_id: asset.assetId,
    public_id: publicId,
    ...(format === null ? {} : { format, width, height }),
    version,
    resource_type: resourceType,
    type,
    created_at: new Date(asset.createdAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    bytes: bytes.length,
    asset_folder: '',
    display_name: publicId.slice(publicId.lastIndexOf('/') + 1),
    access_mode: 'public',
    url,
    secure_url: url,
  };
}
