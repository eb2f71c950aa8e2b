import { mix } from './color.js';
import { drawFigure } from './figure.js';
import { rolling } from './mountains.js';
import { grass, pine } from './plants.js';
import { Scene } from './scene.js';
import { circle, Ground, land } from './shape.js';

/** Ground that rises toward the side where the foreground is. */
export function slope({ width, side, random }: Scene, name: string, steep: number, y: number): Ground {
  const bumps = rolling(random.part(name), 0, 20, 300);
  return (x) => y + bumps(x) - side * (x / width - 0.5) * 260 * steep;
}

/** Green ground close by, with its grass and flowers, some young trees, and the character. */
export function drawForeground(scene: Scene, ground: Ground): string {
  const { width, random, depth, snow } = scene;
  const swell = rolling(random.part('swell'), 84, 18, 260);
  const front: Ground = (x) => ground(x) + swell(x);
  const blades = (nearness: number) => (snow ? scene.ground(nearness) : depth(nearness));
  return [
    land('near', ground, width, [scene.ground(0.84), scene.ground(1)], 150),
    grass(random.part('grass'), ground, width, 26, blades(0.84)),
    flowers(scene, ground),
    youngTrees(scene, ground),
    drawWanderer(scene, ground),
    land('front', front, width, [scene.ground(0.97), scene.ground(1)], 120),
    grass(random.part('tall grass'), front, width, 46, blades(0.97)),
  ].join('');
}

/** The character, somewhere on the ground close by; some pictures are empty of people. */
export function drawWanderer(scene: Scene, ground: Ground): string {
  if (!scene.has('figure', 0.85)) return '';
  const random = scene.random.part('stand');
  const x = scene.width * (0.5 + scene.side * random.between(-0.02, 0.22));
  return drawFigure(scene, x, ground(x) + 10, random.between(150, 205));
}

function youngTrees({ width, side, random: picture, depth }: Scene, ground: Ground): string {
  const random = picture.part('young trees');
  const trees = Array.from({ length: random.integer(0, 4) }, () => {
    const x = width * (0.5 + side * random.between(0.32, 0.52));
    return pine(random, x, ground(x) + 14, random.between(150, 430), depth(random.between(0.9, 1)));
  });
  return trees.join('');
}

function flowers({ width, mood, random: picture, snow, depth }: Scene, ground: Ground): string {
  const random = picture.part('flowers');
  if (snow || random.chance(0.4)) return '';
  const color = mix(random.pick([mood.glow, mood.cloud, '#f2d16b', '#e88fa0', '#ffffff']), depth(1), mood.time === 'night' ? 0.6 : 0.2);
  return Array.from({ length: Math.round(width * 0.09) }, () => {
    const x = random.between(0, width);
    const near = random.next() ** 1.5;
    return circle(x, ground(x) - 10 + near * 110, 1.5 + near * 2.6, color, random.between(0.35, 0.9));
  }).join('');
}
