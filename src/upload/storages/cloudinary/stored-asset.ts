import { PublicIdTakenError, StorageRejectedError, StoredAsset } from '../../asset-storage.js';
import { CloudinaryAnswer } from './cloudinary-client.js';
import { CloudinaryFault } from './cloudinary-fault.js';

/** An answer that names a picture with all that we ask for. Throws `CloudinaryFault` for any other. */
export function storedAsset(answer: CloudinaryAnswer): StoredAsset {
  const { public_id: publicId, etag, bytes, format, resource_type, type, secure_url: url } = answer;
  if (typeof publicId !== 'string' || typeof url !== 'string' || typeof format !== 'string') throw unusable();
  if (typeof etag !== 'string' || typeof bytes !== 'number' || resource_type !== 'image' || type !== 'upload') throw unusable();
  return { publicId, url, format, bytes, md5: etag };
}

function unusable(): CloudinaryFault {
  return new CloudinaryFault('Cloudinary’s answer does not name a stored picture.');
}

/**
 * The proof that an upload stands: exactly these bytes under exactly this name. Cloudinary calls an upload that was dropped because the name
 * is taken a success too, and then tells of the other asset.
 */
export function proven(answer: CloudinaryAnswer, publicId: string, { length }: Buffer, md5: string): StoredAsset {
  const asset = storedAsset(answer);
  const ours = asset.md5 === md5 && asset.bytes === length;
  if (asset.publicId !== publicId) throw otherName(asset, publicId, ours);
  if (ours) return asset;
  if (answer.existing === true) throw new PublicIdTakenError(publicId);
  throw new StorageRejectedError(
    `Cloudinary holds other bytes as ${publicId} than were sent. Does an upload preset of the account change pictures? It must not.`,
  );
}

/** Our bytes under another name are the work of a setting, and will be again; another picture's answer is a mix-up on the way. */
function otherName(asset: StoredAsset, publicId: string, ours: boolean): Error {
  if (!ours) return new CloudinaryFault('Cloudinary’s answer is about another picture.');
  return new StorageRejectedError(
    `Cloudinary stored ${publicId} under another name, ${asset.publicId}. Does an upload preset of the account set a folder or prefix? It must not.`,
  );
}
