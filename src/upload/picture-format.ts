import sharp from 'sharp';
import { StorageRejectedError } from './asset-storage.js';

/** What a picture may be, and how its file name then ends. SVG is not among them: it can carry scripts. */
const FORMAT_OF = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp', 'image/gif': 'gif', 'image/avif': 'avif' } as const;

export type PictureFormat = (typeof FORMAT_OF)[keyof typeof FORMAT_OF];
export const PICTURE_FORMATS: readonly PictureFormat[] = Object.values(FORMAT_OF);

export function isPictureFormat(text: string): text is PictureFormat {
  return PICTURE_FORMATS.some((format) => format === text);
}

/** The format that the bytes themselves show. Throws `StorageRejectedError` when they are no picture of a known one. */
export async function pictureFormatOf(bytes: Buffer): Promise<PictureFormat> {
  const mediaType = await mediaTypeOf(bytes);
  if (mediaType && mediaType in FORMAT_OF) return FORMAT_OF[mediaType as keyof typeof FORMAT_OF];
  throw new StorageRejectedError(`These bytes are no picture that can be stored; one of ${PICTURE_FORMATS.join(', ')} can.`);
}

async function mediaTypeOf(bytes: Buffer): Promise<string | null> {
  try {
    return (await sharp(bytes).metadata()).mediaType ?? null;
  } catch {
    return null;
  }
}
