import { mix } from './color.js';
import { Scene } from './scene.js';
import { circle, ellipse, form, glow, path, placed, radial, stroke } from './shape.js';

/** Lamplight. */
export const LAMP = '#ffd68a';

/** A lighthouse whose foot stands on (x, y). Its lamp shines except by day. */
export function drawLighthouse(scene: Scene, x: number, y: number, height: number): string {
  const shade = { dawn: 0.4, day: 0.06, dusk: 0.4, night: 0.62 }[scene.mood.time];
  const dark = scene.depth(1);
  const [white, red] = ['#f4ead8', '#b8463c'].map((color) => mix(color, dark, shade));
  const half = (t: number) => 8.5 - 3.5 * t;
  const bands = [0, 0.16, 0.32, 0.48, 0.64].map((t, i) => {
    const [low, high] = [half(t), half(t + 0.16)];
    return form(path`M${-low} ${-t * 100}H${low}L${high} ${-(t + 0.16) * 100}H${-high}Z`, i % 2 ? red : white);
  });
  const shadow = form('M0 0H-8.5L-5.7 -80H0Z', dark, 0.28);
  const room = form('M-4.2 -82.8H4.2V-91.2H-4.2Z', scene.mood.time === 'day' ? white : LAMP);
  const roof = form('M-7.1 -82H7.1V-80H-7.1Z M-5.9 -91.2H5.9L0 -99.6Z', dark);
  const lamp = scene.mood.time === 'day' ? '' : beams(scene) + glow('lamp', 0, -87, 50, LAMP, 0.8);
  return placed([lamp, ...bands, shadow, room, roof].join(''), x, y, height, -scene.side);
}

function beams({ random }: Scene): string {
  const tilt = random.part('beam').between(-6, 10);
  const ray = (way: number, width: number) =>
    path`M0 -88L${way * 420} ${-87 - way * tilt * 4 - width}V${-87 - way * tilt * 4 + width}L0 -86Z`;
  const light = `<radialGradient id="beam" gradientUnits="userSpaceOnUse" cx="0" cy="-87" r="420"><stop stop-color="${LAMP}" stop-opacity="0.6"/><stop offset="1" stop-color="${LAMP}" stop-opacity="0"/></radialGradient>`;
  return light + form(ray(1, 36), 'url(#beam)') + form(ray(-1, 28), 'url(#beam)');
}

/** A small house on (x, y) with a lit window and smoke from its chimney. */
export function drawHouse(scene: Scene, x: number, y: number, height: number): string {
  const [wall, dark] = [mix(scene.depth(0.8), scene.mood.sky[2], 0.2), scene.depth(1)];
  const roof = scene.snow ? scene.ground(0.2) : dark;
  const smoke = Array.from({ length: 7 }, (_, i) =>
    ellipse(30 + i * i * 2, -108 - i * 16, 5 + i * 2.2, 7 + i * 1.8, scene.mood.cloud, 0.34 - i * 0.045),
  );
  const walls = form('M-50 8V-42L0 -85L50 -42V8Z', wall);
  const cover = form('M-63 -34L0 -94L63 -34L54 -28L0 -78L-54 -28Z', roof);
  const window = glow('window', -1, -22, 90, LAMP, 0.4) + form('M-14 -34H12V-12H-14Z', LAMP) + stroke('M-1 -34V-12M-14 -23H12', dark, 2.4);
  return placed([...smoke, form('M22 -98H35V-60H22Z', dark), walls, cover, window].join(''), x, y, height);
}

/** A balloon with its basket, high in the air. */
export function drawBalloon(scene: Scene): string {
  const random = scene.random.part('balloon');
  const shade = { dawn: 0.22, day: 0.05, dusk: 0.3, night: 0.6 }[scene.mood.time];
  const [first, second] = [random.pick(['#c8443c', '#3f7f86', '#5a6fb0']), random.pick(['#f1d9a8', '#e0a43a', '#efe6d2'])].map((color) =>
    mix(color, scene.depth(0.9), shade),
  );
  const skin = form('M0 -100C-34 -100 -42 -66 -30 -46C-22 -33 -10 -26 -7 -18H7C10 -26 22 -33 30 -46C42 -66 34 -100 0 -100Z', first);
  const stripes = form(
    'M0 -100C-20 -98 -24 -60 -14 -40L-4 -18H4L14 -40C24 -60 20 -98 0 -100ZM0 -100C-8 -96 -9 -60 -5 -40L-1.5 -18H1.5L5 -40C9 -60 8 -96 0 -100Z',
    second,
  );
  const basket = stroke('M-6 -18L-4 -7M6 -18L4 -7', scene.depth(1), 0.7) + form('M-4.5 -7.5H4.5L4 0H-4Z', scene.depth(1));
  const light = radial('sheen', [0, '#ffffff', 0.35], [1, '#ffffff', 0]) + circle(12, -76, 24, 'url(#sheen)');
  const x = scene.width * (0.5 + scene.side * random.between(0.1, 0.34));
  return placed(skin + stripes + light + basket, x, scene.horizon * random.between(0.42, 0.66), random.between(110, 190), -scene.side);
}

/** A street lamp that stands on (x, y). */
export function drawLamp(scene: Scene, name: string, x: number, y: number): string {
  const [dark, shines] = [scene.depth(1), scene.mood.time !== 'day'];
  const light = shines ? glow(name, 0, -100, 60, LAMP, 0.75) : '';
  return placed(light + stroke('M0 0V-100', dark, 2.6) + circle(0, -100, 4.5, shines ? '#fff1cf' : dark), x, y, 215);
}
