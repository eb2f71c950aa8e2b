import { GenerationRequest } from '../../image-generator.js';
import { mix } from './color.js';
import { Mood, moods, Time, tinted } from './mood.js';
import { Random } from './random.js';
import { Place, readWish, Thing } from './wish.js';

/** Everything that the parts of one picture share. It is drawn `width` × 1000 units large, whatever its size in pixels. */
export interface Scene {
  width: number;
  place: Place;
  mood: Mood;
  /** Height at which the sky ends. */
  horizon: number;
  /** The sun or the moon. */
  light: { x: number; y: number; radius: number };
  /** Where the foreground is: -1 left, 1 right; the light is on the other side. */
  side: -1 | 1;
  /** Whether the picture has this: wished for, refused, or left to chance. */
  has: (thing: Thing, probability: number) => boolean;
  snow: boolean;
  /** Colour of plants and of things against the light, from far away (0) to close by (1). */
  depth: (nearness: number) => string;
  /** Colour of the ground, which may be sand or snow, from far away (0) to close by (1). */
  ground: (nearness: number) => string;
  random: Random;
  /** The same for every picture of one character. */
  character: Random;
}

const PLACES: readonly Place[] = ['sea', 'mountains', 'lake', 'forest', 'meadow', 'city', 'desert'];
const SAND = ['#d9995c', '#c98a52', '#472a1c'];
const STONE = ['#a9bccb', '#5d6f8c', '#222b42'];

/** Turns a request into a scene. The prompt decides place, motifs and figure; the seed decides light, composition and detail. */
export function composeScene(request: GenerationRequest): Scene {
  const { prompt, negativePrompt, workflow, seed, steps, cfg } = request;
  const [wish, refused] = [readWish(prompt), readWish(negativePrompt ?? '')];
  const theme = new Random(JSON.stringify([workflow, prompt, negativePrompt, steps, cfg]));
  const random = theme.part(`seed ${seed}`);
  const width = 1000 * Math.min(3, Math.max(0.4, request.width / request.height));
  const place = wish.place ?? theme.part('place').pick(PLACES.filter((name) => name !== refused.place));
  const mood = chooseMood(theme, random, seed, (time) => (wish.time ? time === wish.time : time !== refused.time));
  const side = random.part('side').chance(0.5) ? 1 : -1;
  const horizon = random.part('horizon').between(560, 680);
  const has: Scene['has'] = (thing, probability) =>
    wish.things.has(thing) || (!refused.things.has(thing) && random.part(thing).chance(probability));
  const snow = has('snow', place === 'mountains' || place === 'forest' ? 0.12 : 0);
  const plants = place === 'city' && mood.time === 'day' ? blend(mood.land, STONE, 0.55) : mood.land;
  return {
    ...{ width, place, mood, side, horizon, has, snow, random },
    light: placeLight(random.part('light'), mood, width * (0.5 - side * random.part('light x').between(0.04, 0.3)), horizon),
    depth: (nearness) => along(plants, nearness),
    ground: (nearness) => along(groundColors(mood, snow ? 'snow' : place, plants), nearness),
    character: new Random(firstClause(prompt)),
  };
}

/** Neighbouring seeds, which make up a batch, take different moods. */
function chooseMood(theme: Random, random: Random, seed: number, fits: (time: Time) => boolean): Mood {
  const choice = moods.filter(({ time }) => fits(time));
  const first = theme.part('mood').integer(0, choice.length - 1);
  return tinted(choice[(first + (seed % choice.length)) % choice.length], random.part('tint').between(-12, 12));
}

function placeLight(random: Random, mood: Mood, x: number, horizon: number): Scene['light'] {
  if (mood.time === 'night') return { x, y: random.between(150, 300), radius: random.between(34, 58) };
  if (mood.time === 'day') return { x, y: random.between(170, 330), radius: random.between(46, 64) };
  const radius = random.chance(0.3) ? random.between(110, 160) : random.between(48, 76);
  return { x, y: horizon - radius * random.between(0.3, 2.4), radius };
}

function groundColors({ cloud, time }: Mood, kind: Place | 'snow', plants: string[]): string[] {
  if (kind === 'snow') return plants.map((color, i) => mix(color, mix(cloud, '#ffffff', 0.4), time === 'night' ? 0.3 : 0.78 - i * 0.07));
  return kind === 'desert' ? blend(plants, SAND, time === 'night' ? 0.35 : 0.75) : plants;
}

function blend(colors: string[], others: string[], t: number): string[] {
  return colors.map((color, i) => mix(color, others[i], t));
}

/** The colour at `t` (0…1) of a way through three colours. */
function along([start, middle, end]: string[], t: number): string {
  return t < 0.5 ? mix(start, middle, t * 2) : mix(middle, end, t * 2 - 1);
}

/** A character's prefix comes first in its prompts, so the words before the first comma stand for who it is. */
function firstClause(prompt: string): string {
  return prompt
    .split(/[,.;\n]/, 1)[0]
    .trim()
    .toLowerCase();
}
