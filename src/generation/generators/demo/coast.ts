import { drawForeground, slope } from './foreground.js';
import { drawHouse, drawLighthouse } from './houses.js';
import { drawJetty } from './jetty.js';
import { drawRange, ridge, rolling } from './mountains.js';
import { pineRow } from './plants.js';
import { Scene } from './scene.js';
import { above, Ground, land } from './shape.js';
import { drawBoat, drawWater, mirrored } from './water.js';
import { mist } from './weather.js';

export function drawSea(scene: Scene): string {
  const { width, horizon, random, depth } = scene;
  const islands = ridge(random.part('islands'), horizon + 34, 62, 210, 0.45);
  return [
    drawWater(scene, horizon),
    above(horizon + 2, 'skyline', land('islands', islands, width, [depth(0.12), depth(0.3)])),
    scene.has('lighthouse', 0.45) ? cape(scene) : '',
    scene.has('boat', 0.45) ? drawBoat(scene) : '',
    shore(scene, slope(scene, 'shore', 0.2, 840)),
  ].join('');
}

export function drawLake(scene: Scene): string {
  const { width, horizon, random, depth } = scene;
  const bank = rolling(random.part('bank'), horizon - 12, 26, 260);
  const at = width * (0.5 + scene.side * random.part('house').between(0.08, 0.4));
  const beyond = [
    drawRange(scene, 'range', 0.12, horizon + 10, random.part('height').between(220, 350)),
    land('bank', bank, width, [scene.ground(0.5), scene.ground(0.6)]),
    pineRow(random.part('woods'), bank, [-20, width + 20], random.part('size').between(34, 60), depth(0.52), 0.3),
    scene.has('house', 0.3) ? drawHouse(scene, at, horizon - 3, random.part('house size').between(26, 38)) : '',
  ];
  return [
    drawWater(scene, horizon),
    `<g id="beyond">${above(horizon + 1, 'bank-cut', beyond.join(''))}</g>`,
    mirrored('beyond', horizon, 0.8),
    mist(scene, 'lake-mist', horizon, 46, 0.5),
    scene.has('boat', 0.25) ? drawBoat(scene) : '',
    shore(scene, slope(scene, 'shore', 0.25, 870)),
  ].join('');
}

/** A cape that comes in from the side of the picture, with a lighthouse. */
function cape(scene: Scene): string {
  const { width, side, random, horizon } = scene;
  const rise = random.part('cape').between(90, 150);
  const rough = ridge(random.part('rocks'), 0, rise * 0.1, 90);
  const reach = width * random.part('reach').between(0.32, 0.46);
  const edge = side > 0 ? width : 0;
  const ground: Ground = (x) => {
    const t = Math.min(1, Math.max(0, (edge - x) * side) / reach);
    return horizon + 12 - rise * (1 - t ** 3) * (0.72 + 0.28 * Math.cos(t * 2.4)) + rough(x) * (1 - t);
  };
  const x = edge - side * reach * random.part('tower x').between(0.42, 0.62);
  const rock = above(horizon + 8, 'cape-cut', land('cape', ground, width, [scene.ground(0.5), scene.depth(0.75)], 160));
  return rock + drawLighthouse(scene, x, ground(x) + 4, random.part('tower').between(190, 270));
}

/** Where the character stands: at the end of a jetty, or on the ground close by. */
function shore(scene: Scene, ground: Ground): string {
  return scene.random.part('jetty').chance(0.4) ? drawJetty(scene) : drawForeground(scene, ground);
}
