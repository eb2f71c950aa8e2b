import { mix } from './color.js';
import { drawFigure } from './figure.js';
import { Scene } from './scene.js';
import { path, Point, polygon } from './shape.js';

/** A wooden jetty that runs out from the lower edge into the water, with the character at its end. */
export function drawJetty(scene: Scene): string {
  const { width, side, horizon, depth } = scene;
  const random = scene.random.part('planks');
  const x = width * (0.5 + side * random.between(0.02, 0.2));
  const end = horizon + (1000 - horizon) * random.between(0.36, 0.5);
  const edge = (way: number, t: number): Point => [x + (side * (1010 - end) * t) / 5 + way * (44 + t * 124), end + (1010 - end) * t];
  const wood = scene.snow ? scene.ground(0.7) : mix(depth(0.72), '#8d6a4a', 0.4);
  const deck = polygon([edge(-1, 0), edge(1, 0), edge(1, 1), edge(-1, 1)], wood);
  const gaps = Array.from({ length: 17 }, (_, i) => {
    const [t, thick] = [(i / 17) ** 1.7, 0.003 + i * 0.0006];
    return polygon([edge(-1, t), edge(1, t), edge(1, t + thick), edge(-1, t + thick)], depth(1), 0.7);
  });
  const [far, ...near] = [0.01, 0.24, 0.82].map((t) => [-1, 1].map((way) => post(edge(way, t), t, depth(1))).join(''));
  const figure = scene.has('figure', 0.9) ? drawFigure(scene, x + side * 20, end + 12, random.between(150, 185)) : '';
  return [far, deck, ...gaps, figure, ...near].join('');
}

function post([x, y]: Point, nearness: number, color: string): string {
  const [wide, tall] = [6 + nearness * 12, 34 + nearness * 90];
  return path`<rect x="${x - wide / 2}" y="${y - tall}" width="${wide}" height="${tall * 1.7}" rx="2" fill="${color}"/>`;
}
