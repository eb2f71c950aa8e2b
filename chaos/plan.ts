import { seededRandom } from '../test/service/switches.js';

/** One batch that a client will ask for. */
export interface PlannedBatch {
  key: string;
  username: string;
  character: string;
  count: number;
  prompt: string;
}

/** Done to `target` once this part of all images has ended. */
export interface PlannedHarm {
  what: 'kill' | 'freeze' | 'cut' | 'leave';
  target: string;
  /** 0…1 */
  at: number;
  /** How long it stays away, in milliseconds. */
  away: number;
}

export interface Plan {
  batches: PlannedBatch[];
  /** In the order in which they will be done. */
  harms: PlannedHarm[];
}

export interface Wish {
  seed: number;
  images: number;
  kills: number;
  redis: boolean;
  /** How many of each. */
  apis: number;
  workers: number;
}

const USERS = ['ada', 'grace', 'Łukasz', 'o\'hara "x"', '漢字'];
const CHARACTERS = ['luna', 'Luna', 'sol'];
const SIZES = [1, 2, 4, 4, 8, 12, 24, 40];

/** Whom the kills meet, in turn; the first ones matter most where there are few. */
const VICTIMS = ['worker', 'postgres', 'api', 'comfyui', 'worker', 'redis', 'worker', 'api', 'comfyui', 'worker'];
/** ComfyUI servers. */
export const SERVERS = 2;

/** What else happens, one for every two kills. */
const DISTURBANCES: Pick<PlannedHarm, 'what' | 'target'>[] = [
  { what: 'cut', target: 'postgres' },
  { what: 'freeze', target: 'worker' },
  { what: 'leave', target: 'cloudinary' },
  { what: 'freeze', target: 'worker' },
  { what: 'cut', target: 'comfyui' },
];

/** Batches and harms; the same wish makes the same plan. */
export function planFor(wish: Wish): Plan {
  const random = seededRandom(wish.seed);
  return { batches: batches(wish, random), harms: harms(wish, random) };
}

function batches({ seed, images }: Wish, random: () => number): PlannedBatch[] {
  const planned: PlannedBatch[] = [];
  for (let left = images; left > 0;) {
    const count = Math.min(left, pick(SIZES, random));
    const key = `order ${seed}-${planned.length + 1}`;
    planned.push({ key, username: pick(USERS, random), character: pick(CHARACTERS, random), count, prompt: `${key}, at the lighthouse` });
    left -= count;
  }
  return planned;
}

function harms({ kills, redis, apis, workers }: Wish, random: () => number): PlannedHarm[] {
  const victims = VICTIMS.filter((kind) => redis || kind !== 'redis');
  const killed = Array.from({ length: kills }, (_, k) => ({ what: 'kill' as const, target: victims[k % victims.length] }));
  const disturbed = Array.from({ length: Math.floor(kills / 2) }, (_, k) => DISTURBANCES[k % DISTURBANCES.length]);
  const howMany: Record<string, number> = { api: apis, worker: workers, comfyui: SERVERS };
  const one = (kind: string) => (kind in howMany ? `${kind}-${1 + Math.floor(howMany[kind] * random())}` : kind);
  return [...killed, ...disturbed]
    .map(({ what, target }) => ({ what, target: one(target), at: 0.02 + 0.88 * random(), away: Math.round(200 + 3_800 * random()) }))
    .toSorted((a, b) => a.at - b.at);
}

function pick<T>(list: T[], random: () => number): T {
  return list[Math.floor(list.length * random())];
}
