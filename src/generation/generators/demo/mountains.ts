import { mix } from './color.js';
import { noise, Random } from './random.js';
import { Scene } from './scene.js';
import { along, Ground, land, Point, polygon } from './shape.js';

/** Rough ground around `y`, with bumps about `rise` high and `pitch` apart. */
export function ridge(random: Random, y: number, rise: number, pitch: number, roughness = 0.5): Ground {
  const octaves = [1, 2.1, 4.3, 8.7, 17].map((scale, i) => ({ scale: scale / pitch, size: rise * roughness ** i, bump: noise(random) }));
  return (x) => y - octaves.reduce((sum, { scale, size, bump }) => sum + size * bump(x * scale + 60), 0);
}

/** Soft, rolling ground. */
export function rolling(random: Random, y: number, rise: number, pitch: number): Ground {
  return ridge(random, y, rise, pitch, 0.22);
}

/** A far range of peaks with their lit and their shaded sides, fading toward their feet. */
export function drawRange(scene: Scene, name: string, nearness: number, foot: number, height: number): string {
  const { width, mood, side } = scene;
  const random = scene.random.part(name);
  const peaks = placePeaks(random, width, foot, height);
  const bump = ridge(random, 0, height * 0.045, 70, 0.6);
  const ground: Ground = (x) => bump(x) + Math.min(...peaks.map((peak) => flank(peak, x)));
  const inView = peaks.filter((peak) => flank(peak, peak.x) < Math.min(...peaks.map((other) => flank(other, peak.x))) + 1);
  const color = scene.depth(nearness);
  const lit = mood.time === 'night' ? mix(color, mood.glow, 0.2) : mix(color, mood.disc, 0.42);
  const snow = scene.snow || random.chance(0.45) ? mix(mood.disc, color, 0.25) : null;
  return [
    land(name, ground, width, [color, mix(color, mood.sky[3], 0.75)], height * 1.15),
    ...inView.map((peak) => face(random, ground, peak, -side * (foot - peak.y), lit)),
    ...inView.map((peak) => (snow ? cap(random, ground, peak, foot - peak.y, snow) : '')),
  ].join('');
}

interface Peak {
  x: number;
  y: number;
  slope: number;
}

function placePeaks(random: Random, width: number, foot: number, height: number): Peak[] {
  const count = Math.max(2, Math.round(width / random.between(260, 380)));
  return Array.from({ length: count + 1 }, (_, i) => ({
    x: (width / count) * (i + random.between(-0.4, 0.4)),
    y: foot - height * random.between(0.45, 1),
    slope: random.between(0.62, 1),
  }));
}

function flank(peak: Peak, x: number): number {
  return peak.y + Math.abs(x - peak.x) * peak.slope * (0.86 + 0.14 * Math.cos((x - peak.x) / 50));
}

/** The side of a peak that the light falls on: down along the ridge, back up through the middle of the mountain. `height` is negative to the left. */
function face(random: Random, ground: Ground, { x, y }: Peak, height: number, color: string): string {
  const drop = height * random.between(0.6, 0.85);
  const fall = Math.abs(drop);
  const outer = along(ground, x, x + drop * 1.1).filter(([, at]) => at >= y - 4 && at < y + fall);
  const inner = Array.from({ length: 9 }, (_, i): Point => {
    const t = 1 - (i + 0.5) / 9;
    return [x + drop * (0.05 + 0.16 * t + random.between(-0.1, 0.12) * t), ground(x) + fall * t * random.between(0.9, 1)];
  });
  return polygon([...outer, ...inner], color, 0.6);
}

/** Snow on the top of a peak, with a torn lower edge. */
function cap(random: Random, ground: Ground, { x, y }: Peak, height: number, color: string): string {
  const depth = height * random.between(0.2, 0.36);
  const reach = (way: number) => {
    const side = along(ground, x, x + way * depth * 2);
    return (side.find(([, at]) => at > y + depth) ?? side[side.length - 1])[0];
  };
  const [left, right] = [reach(-1), reach(1)];
  if (right - left < depth) return '';
  const teeth = Array.from({ length: 9 }, (_, i): Point => {
    const at = right + ((left - right) * (i + 0.5)) / 9;
    return [at, Math.max(ground(at), y + depth * (i % 2 ? 0.62 : 1.1) * random.between(0.8, 1.15))];
  });
  return polygon([...along(ground, left, right), ...teeth], color, 0.85);
}
