import { drawBroadTree } from './broad-tree.js';
import { mix } from './color.js';
import { drawForeground, drawWanderer, slope } from './foreground.js';
import { drawHouse } from './houses.js';
import { drawRange, ridge, rolling } from './mountains.js';
import { pineRow } from './plants.js';
import { Scene } from './scene.js';
import { Ground, land } from './shape.js';
import { mist } from './weather.js';

export function drawMountains(scene: Scene): string {
  const { horizon, random } = scene;
  const hills = [0, 1, 2].map((i) => ridge(random.part(`hill ${i}`), horizon + 24 + i * 84, 66 - i * 8, 330, 0.42));
  return [
    drawRange(scene, 'far', 0.04, horizon + 40, random.part('far height').between(280, 440)),
    drawRange(scene, 'mid', 0.24, horizon + 90, random.part('mid height').between(170, 260)),
    mist(scene, 'mist', horizon + 60, 80, 0.55),
    ...hills.map((ground, i) => wooded(scene, i, ground)),
    scene.has('house', 0.2) ? cottage(scene, hills[1]) : '',
    drawForeground(scene, slope(scene, 'ledge', 0.5, 890)),
  ].join('');
}

function wooded(scene: Scene, i: number, ground: Ground): string {
  const { width, horizon, random, mood, depth } = scene;
  const color = scene.ground(0.42 + i * 0.19);
  return [
    land(`hill${i}`, ground, width, [color, mix(color, mood.sky[3], 0.35)], 260),
    pineRow(random.part(`trees ${i}`), ground, [-20, width + 20], 24 + i * 26, depth(0.46 + i * 0.19), 0.38),
    mist(scene, `mist${i}`, horizon + 124 + i * 84, 60, 0.4),
  ].join('');
}

export function drawMeadow(scene: Scene): string {
  const { width, horizon, random, side } = scene;
  const hills = [0, 1, 2, 3].map((i) => rolling(random.part(`hill ${i}`), horizon - 30 + i * 64, 62 - i * 6, 520));
  const near = slope(scene, 'knoll', 0.6, 870);
  const tree = width * (0.5 + side * random.part('tree').between(0.24, 0.4));
  return [
    ...hills.map((ground, i) => field(scene, i, ground)),
    scene.has('house', 0.45) ? cottage(scene, hills[3]) : '',
    mist(scene, 'mist', horizon + 130, 60, 0.35),
    drawBroadTree(scene, tree, near(tree) + 12, random.part('oak').between(300, 430)),
    drawForeground(scene, near),
  ].join('');
}

/** A hill of grass with a copse somewhere on it. */
function field(scene: Scene, i: number, ground: Ground): string {
  const { width, random, mood, depth } = scene;
  const nearness = 0.1 + i * 0.18;
  const copse = random.part(`copse ${i}`);
  const from = copse.between(-0.1, 0.7) * width;
  const grass = mix(scene.ground(nearness), mood.disc, mood.time === 'night' ? 0.04 : 0.16);
  return (
    land(`hill${i}`, ground, width, [grass, scene.ground(nearness + 0.14)], 170) +
    pineRow(copse, ground, [from, from + width * copse.between(0.1, 0.4)], 18 + i * 12, depth(nearness + 0.16), 0.45)
  );
}

/** A house on a hill, on the side that the light comes from. */
function cottage(scene: Scene, ground: Ground): string {
  const x = scene.width * (0.5 - scene.side * scene.random.part('house').between(0.1, 0.36));
  return drawHouse(scene, x, ground(x) + 10, scene.random.part('house size').between(44, 74));
}

export function drawDesert(scene: Scene): string {
  const { width, horizon, random, mood } = scene;
  const rocks = ridge(random.part('mesa'), horizon + 14, 120, 330, 0.3);
  const mesa: Ground = (x) => Math.max(horizon - 96, rocks(x) > horizon - 34 ? horizon + 10 : rocks(x) - 20);
  const near = slope(scene, 'sand', 0.3, 890);
  const far = scene.ground(0.1);
  return [
    land('mesa', mesa, width, [far, mix(far, mood.sky[3], 0.5)], 130),
    ...[0, 1, 2, 3].map((i) => dune(scene, i)),
    land('near', near, width, [scene.ground(0.92), scene.ground(1)], 120),
    drawWanderer(scene, near),
  ].join('');
}

/** Sand with a sharp crest: one flank in the light, one in the shade. */
function dune(scene: Scene, i: number): string {
  const random = scene.random.part(`dune ${i}`);
  const y = scene.horizon + 10 + i * 84;
  const dark = scene.ground(0.2 + i * 0.19);
  const bright = mix(dark, scene.mood.glow, 0.42 - i * 0.06);
  const crest = rolling(random, y, 74, 480);
  const foot = rolling(random, y + 118, 74, 300);
  const [phase, pitch] = [random.between(0, 6), scene.side * -190];
  const flank: Ground = (x) => crest(x) + Math.max(0, (foot(x) - crest(x)) * (0.5 + 0.5 * Math.sin(x / pitch + phase)));
  return (
    land(`lit${i}`, crest, scene.width, [bright, dark], 230) + land(`dim${i}`, flank, scene.width, [dark, mix(dark, bright, 0.25)], 260)
  );
}
