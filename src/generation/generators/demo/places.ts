import { drawCity } from './city.js';
import { drawDesert, drawMeadow, drawMountains } from './country.js';
import { drawForest } from './forest.js';
import { drawLake, drawSea } from './coast.js';
import { Scene } from './scene.js';
import { Place } from './wish.js';

/** What lies below the sky, from the back to the front, for each place. */
export const drawPlace: Record<Place, (scene: Scene) => string> = {
  sea: drawSea,
  lake: drawLake,
  mountains: drawMountains,
  forest: drawForest,
  meadow: drawMeadow,
  city: drawCity,
  desert: drawDesert,
};
