import { mix } from './color.js';
import { Random } from './random.js';
import { Scene } from './scene.js';
import { circle, ellipse, form, glow, path, placed, stroke } from './shape.js';

const CLOTH = ['#c8443c', '#e0a43a', '#efe6d2', '#3f7f86', '#7d9a55', '#d97b5b', '#5a6fb0', '#b0567e'];
const HAIR = ['#2a1d18', '#4a2e1d', '#8a5a2c', '#c99a55', '#d8d2c8', '#7c2f22', '#1b1b24'];
const SKIN = ['#f0cdb0', '#d9a47c', '#a8714a', '#6d4630'];

interface Look {
  cloth: string;
  trim: string;
  hair: string;
  skin: string;
  dark: string;
  /** A long coat; otherwise a jacket over trousers. */
  long: boolean;
}

/** The character, seen from behind, standing on (x, y). Coat, hair and what it carries are the same in every picture of it. */
export function drawFigure(scene: Scene, x: number, y: number, height: number): string {
  const random = scene.character.part('looks');
  const shade = { dawn: 0.2, day: 0.06, dusk: 0.2, night: 0.36 }[scene.mood.time];
  const color = (colors: string[]) => mix(random.pick(colors), scene.depth(1), shade);
  const look = { cloth: color(CLOTH), trim: color(CLOTH), hair: color(HAIR), skin: color(SKIN), long: random.chance(0.55) };
  const dark = mix(scene.depth(1), '#000000', 0.15);
  const parts = [
    ellipse(0, 0, 26, 3, dark, 0.45),
    body({ ...look, dark }),
    head(random, { ...look, dark }),
    things(random, { ...look, dark }, scene),
  ];
  return placed(parts.join(''), x, y, height, -scene.side);
}

/** The light comes from the right: there the coat is brighter. */
function body({ cloth, dark, skin, long }: Look): string {
  const [waist, hem, flare] = long ? [-30, -22, 15.5] : [-48, -44, 10.8];
  const legs = form(path`M-8 ${waist}L-7.5 -1L-11 1H-2L-1 ${waist}Z M1 ${waist}L2 1H10.5L7 -1L8 ${waist}Z`, dark);
  const hands = circle(-12.3, -45.6, 1.9, skin) + circle(12.3, -45.6, 1.9, skin);
  const arm = 'M9.4 -80.5C14 -76 15.2 -60 13.8 -47L10.8 -46.5C11.4 -58 9.6 -66 8 -72Z';
  const half = path`M0 -85.5L4 -84C9.5 -83 10.8 -79 10.8 -71C10.8 -62 8.8 -58 9.4 -52L${flare} ${hem}Q${flare / 2} ${hem + 3.4} 0 ${hem + 3.4}Z`;
  const away = form(arm, mix(cloth, dark, 0.34)) + form(half, mix(cloth, dark, 0.2));
  return legs + hands + `<g transform="scale(-1 1)">${away}</g>` + form(arm, mix(cloth, dark, 0.1)) + form(half, cloth);
}

function head(random: Random, { hair, skin, trim }: Look): string {
  const neck = form('M-3 -88L-3.5 -81H3.5L3 -88Z', skin);
  const styles = [
    '',
    circle(0, -102, 3.6, hair),
    form('M-7.4 -94C-9.5 -82 -9 -72 -6.5 -66Q0 -63 6.5 -66C9 -72 9.5 -82 7.4 -94Z', hair),
    form('M2 -98C12 -96 11 -82 14 -72C8 -78 6 -88 2 -92Z', hair),
    ellipse(0, -96, 14.5, 3, trim) + form('M-8 -96Q-7.5 -106 0 -106Q7.5 -106 8 -96Z', trim),
    form('M-8.2 -95Q-8 -104 0 -104.5Q8 -104 8.2 -95Q0 -92.5 -8.2 -95Z', trim) + circle(0, -105.5, 2.6, trim),
  ];
  return neck + circle(0, -93, 7.4, hair) + random.pick(styles);
}

function things(random: Random, { trim, dark }: Look, { mood }: Scene): string {
  const scarf = form('M-7 -86Q0 -81 7 -86L7.5 -81Q0 -76 -7.5 -81Z M5 -83C14 -82 20 -86 27 -80C20 -80 15 -76 6 -78Z', trim);
  const pack = form('M-9 -73Q-9 -78 -4 -78H4Q9 -78 9 -73V-58Q9 -53 4 -53H-4Q-9 -53 -9 -58Z', trim) + form('M-6 -65H6V-57H-6Z', dark, 0.25);
  const light = mood.time === 'day' ? '' : glow('lantern', 15, -36, 62, '#ffd98a', 0.8);
  const lantern = light + stroke('M12.5 -45L14.5 -41', dark, 1.2) + form('M11.5 -41H18V-32H11.5Z', '#ffe9b0');
  const dog = form(
    'M24 0L25 -12Q24 -17 28 -17H40Q43 -22 45 -24L46 -21L51 -19Q51 -16 46 -15L44 0H42L41 -9H30L27 0ZM25 -14Q19 -17 19 -23Q22 -18 27 -17Z',
    dark,
  );
  return random.pick([scarf, pack, lantern, dog, scarf + lantern, pack + dog, '']);
}
