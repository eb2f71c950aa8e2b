import { mix } from './color.js';
import { Scene } from './scene.js';
import { ellipse, fade, form, path, placed, rectangle } from './shape.js';

/** Water from the horizon to the lower edge, with the light lying on it. */
export function drawWater(scene: Scene, top: number): string {
  const { mood, width } = scene;
  const [high, upper, lower, bottom] = mood.sky;
  const deep = mix(mix(high, upper, 0.4), mood.land[2], 0.42);
  return [
    fade('water', top, 1000, [0, mix(bottom, upper, 0.25)], [0.18, mix(lower, upper, 0.45)], [0.55, mix(upper, high, 0.5)], [1, deep]),
    rectangle(-10, top, width + 20, 1010 - top, 'url(#water)'),
    ripples(scene, top, [deep, mix(lower, bottom, 0.5)]),
    glitter(scene, top),
    rectangle(-10, top - 1, width + 20, 2.5, mood.disc, 0.35),
  ].join('');
}

function ripples({ width, random: picture }: Scene, top: number, colors: string[]): string {
  const random = picture.part('ripples');
  return Array.from({ length: Math.round(width * 0.17) }, () => {
    const near = random.next() ** 1.6;
    const length = (14 + near * 110) * random.between(0.4, 1.3);
    const y = top + 6 + near * (1000 - top);
    return ellipse(random.between(0, width), y, length, 0.7 + near * 2.6, random.pick(colors), random.between(0.08, 0.3));
  }).join('');
}

function glitter({ mood, light, random: picture }: Scene, top: number): string {
  const random = picture.part('glitter');
  const spread = mood.time === 'day' ? 2.6 : 1.3;
  return Array.from({ length: 210 }, () => {
    const near = random.next() ** 1.35;
    const reach = (light.radius * 0.55 + near * 190) * spread;
    const offset = (random.next() + random.next() + random.next() - 1.5) * reach;
    const opacity = (1 - near * 0.72) * random.between(0.3, 0.95) * (1 - Math.abs(offset) / (reach * 1.6));
    const [length, thick] = [(5 + near * 34) * random.between(0.5, 1.2), 0.9 + near * 3];
    return ellipse(light.x + offset, top + 3 + near * (1000 - top), length, thick, mood.disc, opacity);
  }).join('');
}

/** The drawing with this id upside down below `top`, as still water shows it; `height` squeezes it. */
export function mirrored(id: string, top: number, height: number): string {
  return path`<g transform="matrix(1 0 0 ${-height} 0 ${top * (1 + height)})" opacity="0.42"><use href="#${id}"/></g>`;
}

/** A small sailing boat on the far water, and its image. */
export function drawBoat(scene: Scene): string {
  const { mood, side, depth, horizon, width } = scene;
  const random = scene.random.part('boat');
  const away = random.between(24, 100);
  const [hull, sail] = [depth(0.85), mix(mood.disc, depth(0.3), mood.time === 'night' ? 0.55 : 0.12)];
  const boat = [
    form('M-34 -4L36 -7Q30 8 18 9H-20Q-30 6 -34 -4ZM-1 -6V-88H1V-6Z', hull),
    form('M3 -86Q30 -48 34 -12H3Z', sail),
    form('M-3 -78Q-20 -42 -28 -12H-3Z', mix(sail, depth(0.6), 0.25)),
  ].join('');
  const image = `<g transform="matrix(1 0 0 -0.55 0 14)" opacity="0.3">${boat}</g>`;
  const size = random.between(70, 125) * (0.6 + away / 140);
  return placed(image + boat, width * (0.5 - side * random.between(0.02, 0.36)), horizon + away, size, side);
}
