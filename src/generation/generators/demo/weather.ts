import { mix } from './color.js';
import { Scene } from './scene.js';
import { circle, ellipse, glow, path, radial, stroke } from './shape.js';

/** A soft band of mist around `y`. */
export function mist({ width, mood, random: picture }: Scene, name: string, y: number, height: number, opacity: number): string {
  const random = picture.part(name);
  const color = mix(mood.sky[3], mood.cloud, 0.3);
  const gradient = radial(name, [0, color, mood.time === 'night' ? opacity * 0.5 : opacity], [1, color, 0]);
  const banks = Array.from({ length: 4 }, (_, i) => {
    const [x, up] = [width * ((i + random.next()) / 4), random.between(-0.3, 0.3) * height];
    return ellipse(x, y + up, width * random.between(0.2, 0.42), height * random.between(0.5, 1), `url(#${name})`);
  });
  return gradient + banks.join('');
}

/** What is in the air close by: snow, rain, fireflies. */
export function drawAir(scene: Scene): string {
  if (scene.snow) return flakes(scene);
  if (scene.has('rain', 0)) return rain(scene);
  const green = scene.place === 'forest' || scene.place === 'meadow' || scene.place === 'mountains';
  return green && scene.mood.time !== 'day' && scene.random.part('fireflies?').chance(0.5) ? fireflies(scene) : '';
}

function flakes({ width, random: picture }: Scene): string {
  const random = picture.part('flakes');
  return Array.from({ length: Math.round(width * 0.26) }, () =>
    circle(random.between(0, width), random.between(0, 1000), 0.8 + 3.6 * random.next() ** 3, '#ffffff', random.between(0.3, 0.9)),
  ).join('');
}

function rain({ width, mood, random: picture }: Scene): string {
  const random = picture.part('rain');
  const color = mix(mood.sky[3], '#ffffff', 0.4);
  return Array.from({ length: Math.round(width * 0.24) }, () => {
    const length = random.between(18, 56);
    const drop = path`M${random.between(-40, width)} ${random.between(-20, 1000)}l${length * 0.18} ${length}`;
    return stroke(drop, color, random.between(0.6, 1.6), random.between(0.15, 0.45));
  }).join('');
}

function fireflies({ width, mood, random: picture }: Scene): string {
  const random = picture.part('fireflies');
  const color = mood.time === 'dawn' ? '#ffffff' : '#ffe79a';
  return Array.from({ length: 26 }, (_, i) => {
    const [x, y, size] = [random.between(0, width), random.between(560, 960), random.between(1.2, 2.8)];
    return glow(`fly${i}`, x, y, size * 6, color, 0.45) + circle(x, y, size * 0.7, '#fffbe6', 0.9);
  }).join('');
}
