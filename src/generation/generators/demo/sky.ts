import { mix } from './color.js';
import { Random } from './random.js';
import { Scene } from './scene.js';
import { circle, ellipse, fade, form, glow, path, rectangle, stroke } from './shape.js';

/** Sky, stars, and sun or moon. */
export function drawSky(scene: Scene): string {
  const { mood, width, horizon } = scene;
  const [top, upper, lower, bottom] = mood.sky;
  return [
    fade('sky', 0, horizon + 40, [0, top], [0.42, upper], [0.76, lower], [1, bottom]),
    rectangle(-10, -10, width + 20, 1020, 'url(#sky)'),
    stars(scene),
    scene.has('aurora', mood.stars > 0.8 ? 0.35 : 0) ? aurora(scene) : '',
    lights(scene),
  ].join('');
}

function stars({ mood, width, horizon, random: picture }: Scene): string {
  const random = picture.part('stars');
  return Array.from({ length: Math.round(mood.stars * width * 0.26) }, () => {
    const y = horizon * random.next() ** 1.5;
    const size = random.chance(0.06) ? random.between(2, 3) : random.between(0.7, 1.6);
    const opacity = random.between(0.25, 1) * (1 - (y / horizon) ** 2);
    return circle(random.between(0, width), y, size, random.pick(['#ffffff', '#fff1dc', '#dce8ff']), opacity);
  }).join('');
}

function aurora({ width, horizon, random: picture }: Scene): string {
  const random = picture.part('aurora');
  const rays = [0.28, 0.2].flatMap((strength) => {
    const [base, swing] = [horizon * random.between(0.5, 0.75), random.between(30, 80)];
    const [pitch, phase] = [random.between(160, 320), random.between(0, 6)];
    return Array.from({ length: Math.ceil(width / 14) + 1 }, (_, i) => {
      const foot = base + Math.sin((i * 14) / pitch + phase) * swing + Math.sin((i * 14) / 61 + phase) * 12;
      const height = random.between(150, 330);
      return rectangle(i * 14, foot - height, 15, height, 'url(#ray)', strength * random.between(0.4, 1.5));
    });
  });
  const color =
    '<stop stop-color="#7a6cff" stop-opacity="0"/><stop offset=".6" stop-color="#5ff0b0" stop-opacity=".7"/><stop offset="1" stop-color="#b8ffd8" stop-opacity="0"/>';
  return `<linearGradient id="ray" x2="0" y2="1">${color}</linearGradient><g filter="url(#soft)">${rays.join('')}</g>`;
}

function lights({ mood, light: { x, y, radius }, random }: Scene): string {
  const night = mood.time === 'night';
  const halo = glow('halo', x, y, night ? 420 : 760, mood.glow, night ? 0.5 : 0.85);
  const corona = glow('corona', x, y, radius * 3.4, mood.disc, 0.65);
  if (night) return halo + corona + moon(random.part('moon'), x, y, radius, [mood.disc, mix(mood.disc, mood.sky[1], 0.3)]);
  const haze = fade('sun', y - radius, y + radius, [0.3, mood.disc], [1, mix(mood.disc, mood.sky[3], 0.7)]);
  return halo + corona + haze + circle(x, y, radius, 'url(#sun)');
}

function moon(random: Random, x: number, y: number, radius: number, [color, shade]: string[]): string {
  if (random.chance(0.45)) {
    const outline = path`M0 ${-radius}A${radius} ${radius} 0 1 1 0 ${radius}A${radius * 1.25} ${radius * 1.25} 0 0 0 0 ${-radius}Z`;
    return path`<g transform="translate(${x} ${y}) rotate(${random.between(-40, 20)})">${form(outline, color)}</g>`;
  }
  const seas = Array.from({ length: 6 }, () => {
    const [angle, out, size] = [random.between(0, 6.28), random.between(0, 0.62) * radius, random.between(0.1, 0.3) * radius];
    return ellipse(x + Math.cos(angle) * out, y + Math.sin(angle) * out, size, size * 0.8, shade, 0.3);
  });
  return circle(x, y, radius, color) + seas.join('');
}

/** A few birds on the wing. */
export function drawBirds(scene: Scene): string {
  const random = scene.random.part('flock');
  const [x, y] = [scene.light.x + random.between(-160, 160), scene.horizon * random.between(0.35, 0.65)];
  return Array.from({ length: random.integer(3, 9) }, () => {
    const span = random.between(7, 17);
    const lift = span * random.between(0.25, 0.55);
    const wings = path`m${-span} ${-lift}l${span * 0.6} ${lift * 0.1}l${span * 0.4} ${lift * 0.9}l${span * 0.4} ${-lift * 0.9}l${span * 0.6} ${-lift * 0.1}`;
    return stroke(path`M${x + random.between(-130, 130)} ${y + random.between(-60, 60)}${wings}`, scene.depth(0.85), span / 6);
  }).join('');
}
