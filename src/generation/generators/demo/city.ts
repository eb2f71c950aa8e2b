import { drawWanderer } from './foreground.js';
import { drawLamp, LAMP } from './houses.js';
import { Random } from './random.js';
import { Scene } from './scene.js';
import { form, land, path, rectangle, stroke } from './shape.js';
import { drawWater, mirrored } from './water.js';
import { mist } from './weather.js';

/** A town across a river, seen from the quay. */
export function drawCity(scene: Scene): string {
  const { horizon, mood, random } = scene;
  const lit = { dawn: 0.1, day: 0, dusk: 0.34, night: 0.5 }[mood.time];
  const tallest = random.part('tallest').between(300, 430);
  const rows = [0.1, 0.32, 0.56].flatMap((nearness, i) => [
    street(scene, tallest * (1 - i * 0.3), nearness, lit * (0.25 + i * 0.35)),
    mist(scene, `haze${i}`, horizon - 20, 70 - i * 10, 0.35),
  ]);
  return [drawWater(scene, horizon), `<g id="beyond">${rows.join('')}</g>`, mirrored('beyond', horizon + 2, 0.7), quay(scene)].join('');
}

interface Box {
  x: number;
  top: number;
  wide: number;
  high: number;
}

function street(scene: Scene, tallest: number, nearness: number, lit: number): string {
  const random = scene.random.part(`street ${nearness}`);
  const color = scene.depth(nearness);
  const towers: string[] = [];
  for (let x = -30; x < scene.width + 30;) {
    const [wide, high] = [random.between(1.5, 3.3) * tallest ** 0.5, tallest * random.between(0.35, 1) ** 1.3];
    const box = { x, top: scene.horizon + 2 - high, wide, high };
    towers.push(tower(random, box, color), windows(random, box, lit * random.between(0.3, 1.2)));
    x += wide * random.between(0.84, 0.99);
  }
  return towers.join('');
}

function tower(random: Random, { x, top, wide, high }: Box, color: string): string {
  const middle = x + wide / 2;
  const roofs = [
    '',
    '',
    form(path`M${x} ${top + 1}L${middle} ${top - wide * 0.4}L${x + wide} ${top + 1}Z`, color),
    form(path`M${middle - wide * 0.2} ${top + 1}L${middle} ${top - wide * 1.1}L${middle + wide * 0.2} ${top + 1}Z`, color),
    rectangle(x + wide * 0.2, top - wide * 0.3, wide * 0.6, wide * 0.3 + 1, color),
    stroke(path`M${middle} ${top}v${-wide * 0.9}`, color, 2.4),
  ];
  return rectangle(x, top, wide, high, color) + random.pick(roofs);
}

function windows(random: Random, { x, top, wide, high }: Box, lit: number): string {
  const [columns, rows] = [Math.max(0, Math.floor((wide - 8) / 11)), Math.max(0, Math.floor((high - 10) / 17))];
  const left = x + (wide - columns * 11) / 2 + 2.5;
  return Array.from({ length: columns * rows }, (_, i) => {
    if (!random.chance(lit)) return '';
    const color = random.pick([LAMP, '#ffe8bd', '#ffbf73']);
    return rectangle(left + (i % columns) * 11, top + 9 + Math.floor(i / columns) * 17, 6, 9, color, random.between(0.45, 1));
  }).join('');
}

function quay(scene: Scene): string {
  const { width, depth } = scene;
  const random = scene.random.part('lamps');
  const gap = random.between(300, 420);
  const first = random.between(0.2, 0.8) * gap;
  const lamps = Array.from({ length: Math.ceil(width / gap) }, (_, i) => drawLamp(scene, `lamp${i}`, first + i * gap, 890));
  const posts = Array.from({ length: Math.ceil(width / 46) + 1 }, (_, i) => rectangle(i * 46, 842, 3.4, 48, depth(1)));
  const rails = [840, 862].map((y) => rectangle(-10, y, width + 20, 3.4, depth(1)));
  const ground = land('quay', () => 886, width, [scene.ground(0.86), scene.ground(1)], 130);
  return [...rails, ...posts, ...lamps, ground, drawWanderer(scene, () => 900)].join('');
}
