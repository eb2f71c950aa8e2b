import { Random } from './random.js';
import { form, Ground, path, Point, polygon, stroke } from './shape.js';

/** One conifer as a silhouette that stands on (x, y). */
export function pine(random: Random, x: number, y: number, height: number, color: string): string {
  const tiers = Math.max(4, Math.min(11, Math.round(height / 16)));
  const spread = height * random.between(0.17, 0.23);
  const lean = random.between(-0.02, 0.02) * height;
  const side = (way: number): Point[] =>
    Array.from({ length: tiers }, (_, i) => {
      const t = (i + 1) / tiers;
      const reach = spread * t ** 0.85 * random.between(0.72, 1.12);
      const tip: Point = [x + way * reach + lean * (1 - t), y - height * (1 - t) * 0.97 - height * 0.055];
      const notch: Point = [x + way * reach * 0.42 + lean * (1 - t), tip[1] - height * 0.022];
      return [tip, notch];
    }).flat();
  const stem = form(path`M${x - height * 0.016} ${y + 6}H${x + height * 0.016}V${y - height * 0.2}H${x - height * 0.016}Z`, color);
  return stem + polygon([[x + lean, y - height], ...side(1), ...side(-1).toReversed()], color);
}

/** A row of conifers of about this size on the ground; `gap` is in parts of a tree's size. */
export function pineRow(random: Random, ground: Ground, [from, to]: [number, number], size: number, color: string, gap = 0.4): string {
  const trees: string[] = [];
  for (let x = from; x < to; x += size * gap * random.between(0.3, 1.4)) {
    trees.push(pine(random, x, ground(x) + size * 0.05, size * random.between(0.5, 1.15), color));
  }
  return trees.join('');
}

/** Blades of grass along the edge of a ground. */
export function grass(random: Random, ground: Ground, width: number, size: number, color: string): string {
  const blades: string[] = [];
  for (let x = -5; x < width + 5; x += random.between(1.5, 9)) {
    const y = ground(x) + 3;
    const [bend, height] = [random.between(-0.5, 0.5) * size, size * random.between(0.35, 1)];
    blades.push(path`M${x - 1.4} ${y}Q${x} ${y - height * 0.6} ${x + bend} ${y - height}Q${x + 1.2} ${y - height * 0.5} ${x + 1.6} ${y}Z`);
  }
  return form(blades.join(''), color);
}

/** A bare trunk that runs out of the picture above, with a few dead boughs. */
export function trunk(random: Random, x: number, y: number, thick: number, color: string): string {
  const lean = random.between(-0.5, 0.5) * thick;
  const outline = path`M${x - thick * 0.9} ${y + 12}L${x - thick * 0.52} ${y - thick}L${x + lean - thick * 0.4} -20H${x + lean + thick * 0.4}L${x + thick * 0.52} ${y - thick}L${x + thick * 0.9} ${y + 12}Z`;
  const boughs = Array.from({ length: random.integer(2, 5) }, () => {
    const [from, way, reach] = [random.between(0.05, 0.7) * y, random.pick([-1, 1]), thick * random.between(1, 3.2)];
    const d = path`M${x} ${from}l${way * reach * 0.6} ${-reach * 0.14}l${way * reach * 0.4} ${-reach * random.between(0.1, 0.35)}`;
    return stroke(d, color, thick * random.between(0.06, 0.13));
  });
  return form(outline, color) + boughs.join('');
}
