import sharp from 'sharp';
export class BrokenPictureError extends Error {}
export async function inspectPicture(bytes: Buffer) { const m = await sharp(bytes).metadata(); return { width: m.width, height: m.height, format: m.format as string }; }
