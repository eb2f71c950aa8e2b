import { Time } from './mood.js';

export type Place = 'sea' | 'lake' | 'mountains' | 'forest' | 'meadow' | 'city' | 'desert';
export type Thing = 'snow' | 'lighthouse' | 'boat' | 'birds' | 'house' | 'balloon' | 'aurora' | 'rain' | 'figure';

/** What the words of a prompt ask for; null and absent where they leave it open. */
export interface Wish {
  place: Place | null;
  time: Time | null;
  things: Set<Thing>;
}

const places: Record<Place, string> = {
  sea: 'sea ocean coast beach shore island harbour harbor lighthouse boat ship sail sailing wave cliff',
  lake: 'lake river pond fjord reflection',
  mountains: 'mountain alps peak summit valley rock',
  forest: 'forest wood woodland jungle pine grove',
  meadow: 'meadow field hill village countryside garden farm cottage flower spring',
  city: 'city town street skyline urban rooftop downtown cyberpunk',
  desert: 'desert dune canyon sand savanna',
};

const times: Record<Time, string> = {
  dawn: 'dawn sunrise morning mist misty fog foggy',
  day: 'day noon midday afternoon daylight sunny',
  dusk: 'dusk sunset evening twilight golden',
  night: 'night midnight moon moonlight moonlit star starry aurora',
};

const things: Record<Thing, string> = {
  snow: 'snow snowy winter ice frozen frost',
  lighthouse: 'lighthouse',
  boat: 'boat ship sail sailing',
  birds: 'bird gull crane swallow',
  house: 'house home cabin cottage hut farm village',
  balloon: 'balloon',
  aurora: 'aurora',
  rain: 'rain rainy',
  figure: 'person people man woman girl boy human portrait figure',
};

/** Reads a prompt, or a negative prompt. English words only; the first one that names a place or a time counts. */
export function readWish(text: string): Wish {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return {
    place: words.map((word) => named(places, word)).find(Boolean) ?? null,
    time: words.map((word) => named(times, word)).find(Boolean) ?? null,
    things: new Set(
      words.flatMap((word) =>
        entries(things)
          .filter(([, list]) => isIn(list, word))
          .map(([thing]) => thing),
      ),
    ),
  };
}

function named<Name extends string>(lists: Record<Name, string>, word: string): Name | undefined {
  return entries(lists).find(([, list]) => isIn(list, word))?.[0];
}

function isIn(list: string, word: string): boolean {
  const known = list.split(' ');
  return known.includes(word) || known.includes(word.replace(/e?s$/, '')) || known.includes(word.replace(/s$/, ''));
}

function entries<Name extends string>(lists: Record<Name, string>): [Name, string][] {
  return Object.entries(lists) as [Name, string][];
}
