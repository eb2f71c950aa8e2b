import sharp from 'sharp';

/** A small PNG, another for each seed below 16 million. */
export function smallPicture(seed: number): Promise<Buffer> {
  const background = { r: seed & 255, g: (seed >> 8) & 255, b: (seed >> 16) & 255 };
  return sharp({ create: { width: 4, height: 3, channels: 3, background } })
    .png()
    .toBuffer();
}
