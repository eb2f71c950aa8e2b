import { mix } from './color.js';
import { Random } from './random.js';
import { Scene } from './scene.js';
import { ellipse, fade, form, path } from './shape.js';

/** Streaks of cloud high up, and sometimes clouds that pile up below them. */
export function drawClouds(scene: Scene): string {
  const { mood, width, horizon } = scene;
  const random = scene.random.part('clouds');
  const count = random.integer(2, 5);
  const streaks = Array.from({ length: count }, (_, i) => {
    const far = 0.12 + 0.7 * ((i + random.next()) / count);
    const length = random.between(160, 420) * (1.3 - far * 0.7);
    return streak(random, random.between(-0.1, 1.1) * width, horizon * far, length, mix(mood.cloud, mood.sky[3], far * 0.5));
  });
  const heaps = Array.from({ length: mood.stars > 0.8 ? 0 : random.integer(0, 4) }, (_, i) =>
    heap(random, `heap${i}`, random.between(-0.05, 1.05) * width, horizon * random.between(0.42, 0.97), [
      mix(mood.cloud, mood.sky[2], 0.3),
      mood.cloud,
    ]),
  );
  const [soft, full] = mood.time === 'night' ? [0.5, 0.45] : [0.75, 0.8];
  return `<g filter="url(#soft)" opacity="${soft}">${streaks.join('')}</g><g opacity="${full}">${heaps.join('')}</g>`;
}

function streak(random: Random, x: number, y: number, length: number, color: string): string {
  return Array.from({ length: random.integer(5, 10) }, () => {
    const along = random.between(-1, 1);
    const size = length * (1 - Math.abs(along) * 0.7) * random.between(0.3, 0.6);
    const thick = size * random.between(0.04, 0.1);
    return ellipse(x + along * length, y - random.between(0, 18), size, thick, color, random.between(0.25, 0.6));
  }).join('');
}

/** A cloud that piles up over a level base, where it melts into the sky. */
function heap(random: Random, name: string, x: number, y: number, [far, near]: [string, string]): string {
  const length = random.between(90, 230);
  const melt = (id: string, color: string) => fade(id, y - length * 0.42, y, [0, color, 0.95], [0.5, color, 0.6], [1, color, 0]);
  const back = form(puffs(random, x - length * 0.12, y, length), `url(#${name}-far)`);
  const front = form(puffs(random, x + length * 0.14, y, length * 0.72), `url(#${name}-near)`);
  return melt(`${name}-far`, far) + melt(`${name}-near`, near) + back + front;
}

/** Circles in one outline, so that they do not shine through each other. */
function puffs(random: Random, x: number, y: number, length: number): string {
  return Array.from({ length: 11 }, (_, i) => {
    const along = (i - 5) / 5;
    const size = length * (0.14 + 0.22 * (1 - along * along)) * random.between(0.72, 1.2);
    return path`M${x + along * length - size} ${y - size * 0.55}a${size} ${size} 0 1 0 ${size * 2} 0a${size} ${size} 0 1 0 ${-size * 2} 0Z`;
  }).join('');
}
