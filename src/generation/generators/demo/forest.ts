import { mix } from './color.js';
import { drawForeground } from './foreground.js';
import { drawHouse } from './houses.js';
import { rolling } from './mountains.js';
import { pineRow, trunk } from './plants.js';
import { Scene } from './scene.js';
import { form, land, path } from './shape.js';
import { mist } from './weather.js';

/** A wood of conifers that fades into mist, seen between the trunks at its edge. */
export function drawForest(scene: Scene): string {
  const { width, random, depth } = scene;
  const frame = random.part('frame');
  const edges = [0.02, 0.12, 0.9, 0.99].filter(() => frame.chance(0.8));
  const trunks = edges.map((at) => trunk(frame, width * (at + frame.between(-0.03, 0.03)), 910, frame.between(20, 48), depth(0.97)));
  return [
    ...[0, 1, 2, 3].map((i) => row(scene, i)),
    scene.has('house', 0.25) ? hut(scene) : '',
    row(scene, 4),
    shafts(scene),
    ...trunks,
    drawForeground(scene, rolling(random.part('floor'), 886, 22, 500)),
  ].join('');
}

function row(scene: Scene, i: number): string {
  const { width, horizon, random, mood, depth } = scene;
  const nearness = 0.08 + i * 0.175;
  const floor = rolling(random.part(`floor ${i}`), horizon - 90 + i * 78, 46, 420);
  const color = scene.ground(nearness);
  return [
    pineRow(random.part(`row ${i}`), floor, [-40, width + 40], 130 + i * 64, depth(nearness), 0.36 + i * 0.06),
    land(`floor${i}`, floor, width, [color, mix(color, mood.sky[3], 0.3)], 200),
    mist(scene, `fog${i}`, horizon - 50 + i * 78, 70, 0.45),
  ].join('');
}

function hut(scene: Scene): string {
  const x = scene.width * (0.5 - scene.side * scene.random.part('house').between(0.05, 0.3));
  return drawHouse(scene, x, scene.horizon + 176, scene.random.part('house size').between(80, 110));
}

/** Light that falls slantwise between the trees. */
function shafts({ light, mood, random: picture, width }: Scene): string {
  const random = picture.part('shafts');
  const gradient = `<linearGradient id="shaft" x2="0" y2="1"><stop stop-color="${mood.disc}" stop-opacity=".5"/><stop offset="1" stop-color="${mood.disc}" stop-opacity="0"/></linearGradient>`;
  const rays = Array.from({ length: 6 }, () => {
    const [top, spread] = [light.x + random.between(-0.3, 0.3) * width, random.between(14, 46)];
    const foot = top + (width / 2 - light.x) * 0.5 + random.between(-0.1, 0.1) * width;
    return form(path`M${top} -10H${top + spread}L${foot + spread * 3} 860H${foot}Z`, 'url(#shaft)', random.between(0.08, 0.28));
  });
  return gradient + rays.join('');
}
