import { mix } from './color.js';
import { Random } from './random.js';
import { Scene } from './scene.js';
import { circle, form, path, placed, stroke } from './shape.js';

interface Clump {
  x: number;
  y: number;
  size: number;
}

/** A single broad tree that stands on (x, y): trunk, boughs and a crown that is brighter toward the light. */
export function drawBroadTree(scene: Scene, x: number, y: number, height: number): string {
  const random = scene.random.part('broad tree');
  const bend = random.between(-6, 6);
  const clumps = crown(random, bend);
  const [leaf, bright] = [scene.depth(0.92), mix(scene.depth(0.7), scene.mood.glow, scene.mood.time === 'night' ? 0.1 : 0.2)];
  const layers = [
    clumps.map((clump) => circle(clump.x, clump.y, clump.size, leaf)),
    leaves(random, clumps, 9, { shift: 0, spread: 1.2, size: 0.34, color: leaf }),
    leaves(random, clumps, 7, { shift: 0.3, spread: 0.66, size: 0.28, color: mix(leaf, bright, 0.34) }),
    leaves(random, clumps, 5, { shift: 0.5, spread: 0.44, size: 0.2, color: mix(leaf, bright, 0.66) }),
  ];
  return placed(wood(bend, scene.depth(1)) + layers.flat().join(''), x, y, height, -scene.side);
}

function wood(bend: number, color: string): string {
  const stem = path`M-5 0Q-1.7 -14 ${bend - 1.7} -60H${bend + 1.7}Q1.7 -14 5 0Z`;
  const boughs = [-22, 20, -10].map((way) => path`M${bend * 0.6} -32L${bend + way} -60`).join('');
  return form(stem, color) + stroke(boughs, color, 1.8);
}

/** Eight clumps of leaves around a ninth. */
function crown(random: Random, bend: number): Clump[] {
  return Array.from({ length: 9 }, (_, i) => {
    const out = i < 8 ? random.between(0.75, 1.05) : 0;
    const angle = (i * Math.PI) / 4;
    return { x: bend + 30 * out * Math.cos(angle), y: -70 - 17 * out * Math.sin(angle), size: random.between(12, 17) };
  });
}

/** Leaves in each clump, shifted up and toward the light; all measures in parts of the clump's size. */
function leaves(
  random: Random,
  clumps: Clump[],
  count: number,
  tuft: { shift: number; spread: number; size: number; color: string },
): string[] {
  return clumps.flatMap((clump) =>
    Array.from({ length: count }, () => {
      const [angle, out] = [random.between(0, 6.28), Math.sqrt(random.next()) * clump.size * tuft.spread];
      const [x, y] = [clump.x + tuft.shift * clump.size + Math.cos(angle) * out, clump.y - tuft.shift * clump.size + Math.sin(angle) * out];
      return circle(x, y, clump.size * tuft.size * random.between(0.5, 1), tuft.color);
    }),
  );
}
