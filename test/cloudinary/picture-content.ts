import sharp, { type Metadata } from 'sharp';
import { ApiError } from './api-error.js';
import type { Content } from './shelf.js';

/** What the service finds in the bytes of an image; it takes drawings (SVG) too. Throws ApiError 400. */
export async function pictureContent(bytes: Buffer, originalFilename: string): Promise<Content> {
  const picture = sharp(bytes, { animated: true, limitInputPixels: false });
  const metadata = await picture.metadata().catch(() => null);
  if (!metadata) throw new ApiError(400, 'Invalid image file');
  const { width, height, pageHeight, pages = 1 } = metadata;
  return { bytes, format: formatOf(metadata), width, height: pageHeight ?? height, pages, originalFilename };
}

/** The same picture in other bytes, as an incoming transformation or a preset would leave it; in `format` where given. */
export async function transformed(bytes: Buffer, format: string | undefined): Promise<Buffer> {
  const picture = sharp(bytes).withExif({ IFD0: { ImageDescription: 'transformed' } });
  return (format ? picture.toFormat(format as 'png') : picture).toBuffer().catch(() => {
    throw new ApiError(400, 'Invalid image file');
  });
}

function formatOf({ format, compression }: Metadata): string {
  if (format === 'heif') return compression === 'av1' ? 'avif' : 'heic';
  return format === 'jpeg' ? 'jpg' : format;
}
