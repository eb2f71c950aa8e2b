import { seededRandom } from '../test/service/switches.js';
import type { HeldStatus } from './evidence.js';

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
  /** For a worker that is frozen: what it has to be in the middle of. */
  over?: HeldStatus;
  /** 0…1 */
  at: number;
  /** How long it stays away, in milliseconds. */
  away: number;
}

export interface Plan {
  /** Without end under a steady load. */
  batches: Iterable<PlannedBatch>;
  /** In the order in which they will be done. */
  harms: PlannedHarm[];
}

export interface Wish {
  seed: number;
  images: number;
  kills: number;
  /** A steady load for so long, in which nobody is killed, instead of so many images and kills. */
  minutes?: number;
  redis: boolean;
  /** How many of each. */
  apis: number;
  workers: number;
}

const USERS = ['ada', 'grace', 'Łukasz', 'o\'hara "x"', '漢字'];
const CHARACTERS = ['luna', 'Luna', 'sol'];
const SIZES = [1, 2, 4, 4, 8, 12, 24, 40];

/** A harm to any process of a kind, at any time. */
type Wanted = Omit<PlannedHarm, 'at' | 'away'>;

/** Whom the kills meet, in turn; the first ones matter most where there are few. */
const VICTIMS = ['worker', 'postgres', 'api', 'comfyui', 'worker', 'redis', 'worker', 'api', 'comfyui', 'worker'];
/** ComfyUI servers. */
export const SERVERS = 2;

/** What else happens, one for every two kills. */
const DISTURBANCES: Wanted[] = [
  { what: 'cut', target: 'postgres' },
  { what: 'freeze', target: 'worker', over: 'UPLOADING' },
  { what: 'leave', target: 'cloudinary' },
  { what: 'freeze', target: 'worker', over: 'GENERATING' },
  { what: 'cut', target: 'comfyui' },
];

/** Disturbances in every minute of a steady load. */
const DISTURBED_PER_MINUTE = 2;

/** Batches and harms; the same wish makes the same plan. */
export function planFor(wish: Wish): Plan {
  return { batches: batches(wish, seededRandom(wish.seed)), harms: harms(wish, seededRandom(wish.seed + 1)) };
}

function* batches({ seed, images, minutes }: Wish, random: () => number): Generator<PlannedBatch> {
  let left = minutes === undefined ? images : Infinity;
  for (let number = 1; left > 0; number++) {
    const count = Math.min(left, pick(SIZES, random));
    const key = `order ${seed}-${number}`;
    yield { key, username: pick(USERS, random), character: pick(CHARACTERS, random), count, prompt: `${key}, at the lighthouse` };
    left -= count;
  }
}

function harms(wish: Wish, random: () => number): PlannedHarm[] {
  const howMany: Record<string, number> = { api: wish.apis, worker: wish.workers, comfyui: SERVERS };
  const one = (kind: string) => (kind in howMany ? `${kind}-${1 + Math.floor(howMany[kind] * random())}` : kind);
  return [...killed(wish), ...disturbed(wish)]
    .map(({ target, ...wanted }) => ({
      ...wanted,
      target: one(target),
      at: 0.02 + 0.88 * random(),
      away: Math.round(200 + 3_800 * random()),
    }))
    .toSorted((a, b) => a.at - b.at);
}

function killed({ kills, minutes, redis }: Wish): Wanted[] {
  const victims = VICTIMS.filter((kind) => redis || kind !== 'redis');
  return Array.from({ length: minutes === undefined ? kills : 0 }, (_, k) => ({ what: 'kill', target: victims[k % victims.length] }));
}

function disturbed({ kills, minutes }: Wish): Wanted[] {
  const length = minutes === undefined ? kills / 2 : minutes * DISTURBED_PER_MINUTE;
  return Array.from({ length: Math.floor(length) }, (_, k) => DISTURBANCES[k % DISTURBANCES.length]);
}

function pick<T>(list: T[], random: () => number): T {
  return list[Math.floor(list.length * random())];
}
