import sharp, { Sharp } from 'sharp';
import { GenerationRequest } from '../../image-generator.js';
import { drawClouds } from './clouds.js';
import { drawBalloon } from './houses.js';
import { drawPlace } from './places.js';
import { Random } from './random.js';
import { composeScene, Scene } from './scene.js';
import { drawBirds, drawSky } from './sky.js';
import { drawAir } from './weather.js';

// Several pictures are painted at once: one thread for each leaves the rest of the process its share.
sharp.concurrency(1);

const SOFT = '<filter id="soft" x="-20%" y="-20%" width="140%" height="140%"><feGaussianBlur stdDeviation="9 5"/></filter>';
const GRAIN_SIZE = 256;
const GRAIN = grainTile();

/** What a request asks for, as a drawing that can be painted at any size. The same request makes the same drawing. */
export function drawPicture(request: GenerationRequest): string {
  const scene = composeScene(request);
  const parts = [
    drawSky(scene),
    drawClouds(scene),
    scene.has('balloon', 0) ? drawBalloon(scene) : '',
    scene.has('birds', 0.45) ? drawBirds(scene) : '',
    drawPlace[scene.place](scene),
    drawAir(scene),
    vignette(scene),
  ];
  return `<svg viewBox="0 0 ${scene.width} 1000" preserveAspectRatio="xMidYMid slice">${SOFT}${parts.join('')}</svg>`;
}

/** Paints a drawing with the grain of film, as PNG of exactly this size. The same drawing and size make the same bytes. */
export async function paintPicture(drawing: string, width: number, height: number): Promise<Buffer> {
  const tile = { width: Math.min(GRAIN_SIZE, width), height: Math.min(GRAIN_SIZE, height), channels: 1 as const };
  const grain = { input: GRAIN.subarray(0, tile.width * tile.height), raw: tile, tile: true, blend: 'overlay' as const };
  return canvas(drawing, width, height).removeAlpha().composite([grain]).png().toBuffer();
}

/** Paints a drawing small and out of focus, as WebP of at most 256 pixels each way; `blur` is in pixels. */
export async function paintPreview(drawing: string, width: number, height: number, blur: number): Promise<Buffer> {
  const scale = Math.min(1, 256 / Math.max(width, height));
  const [small, low] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  return canvas(drawing, small, low).blur(blur).webp({ quality: 60 }).toBuffer();
}

function canvas(drawing: string, width: number, height: number): Sharp {
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawing}</svg>`));
}

function vignette({ width }: Scene): string {
  return `<radialGradient id="edge" cx=".5" cy=".46" r=".8"><stop offset=".55" stop-color="#05030a" stop-opacity="0"/><stop offset="1" stop-color="#05030a" stop-opacity=".42"/></radialGradient><rect x="-10" y="-10" width="${width + 20}" height="1020" fill="url(#edge)"/>`;
}

/** Grey noise around the middle; it also hides the steps of the gradients. */
function grainTile(): Buffer {
  const random = new Random('grain');
  return Buffer.from(Array.from({ length: GRAIN_SIZE ** 2 }, () => 128 + (random.next() + random.next() - 1) * 12));
}
