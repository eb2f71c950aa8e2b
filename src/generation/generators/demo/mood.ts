import { turn } from './color.js';

export type Time = 'dawn' | 'day' | 'dusk' | 'night';

/** The light of one picture. Colours are `#rrggbb`. */
export interface Mood {
  time: Time;
  /** From the top down to the horizon. */
  sky: string[];
  /** The disc of the sun or the moon. */
  disc: string;
  glow: string;
  cloud: string;
  /** Ground and plants: far away, between, and close by. */
  land: string[];
  /** How many stars, 0…1. */
  stars: number;
}

// Neighbours are as unlike each other as can be: the pictures of a batch take them in turn.
export const moods: readonly Mood[] = [
  mood('dawn', '#5468a3 #a48dba #f2b1a4 #ffe0b8', '#fff4dc #ffcfa0 #ffd9cf', '#d3a3b4 #7a6390 #2c2848', 0.12),
  mood('day', '#2f7fb8 #6db3d6 #b4dde6 #f4f3e2', '#fffdf0 #fff6d8 #ffffff', '#a3cad2 #4f8a82 #1d4640', 0),
  mood('dusk', '#2a2358 #6c3f88 #d96a8a #ffb780', '#fff0c9 #ff9f6b #ff9aa0', '#b0608f #54317a #1a1336', 0.3),
  mood('night', '#060c22 #0e2047 #1e4069 #4a7891', '#f3f1df #9fc3d8 #34587c', '#31597a #16304f #060e1f', 1),
  mood('dusk', '#37669a #8fa6c0 #f2c694 #ffe6ae', '#fffbe4 #ffdc8c #fff0d2', '#c9a58c #7a5a55 #2a2030', 0),
  mood('day', '#6fa8c9 #a8cfd6 #dfe6d3 #fbe9cf', '#fffdf2 #fff1cc #fffdf6', '#bccab4 #7c9a62 #2b4429', 0),
  mood('night', '#0a1738 #1d3873 #4a70a8 #c3b6cc', '#fff6e0 #d9c8e0 #7f93c4', '#5468a0 #2b3768 #0a1028', 0.55),
  mood('dawn', '#8fadd6 #c6bfe2 #f5cdd6 #ffead2', '#fffaf0 #ffe6d0 #fff6f2', '#c6b4d3 #8a80b0 #3f3a66', 0),
  mood('dusk', '#2b1b40 #8c2f52 #e8643f #ffc765', '#fff3c0 #ff9a45 #f4805c', '#b04a4c #5f2440 #1c0e20', 0.2),
  mood('day', '#5f97ac #a3c1b9 #eed49c #fbe8bd', '#fffbea #ffeebc #fff8e4', '#d8b182 #a2603a #3f2118', 0),
  mood('night', '#04101f #07293c #0f4f55 #3c8f83', '#eafff2 #7fe0bf #1f5f66', '#20605f #0c3540 #030d16', 0.9),
  mood('dawn', '#7f98a8 #aebfc2 #d4d9d0 #f3ecd9', '#fffdf4 #fff4dc #f6f6f0', '#b4c2c0 #6d8287 #26363f', 0),
  mood('dusk', '#0e2d4a #22586f #62a394 #f5dc9f', '#fff8d6 #ffe3a0 #a9cdb8', '#5f9a92 #27586a #0a1c2a', 0.25),
  mood('day', '#3d86c2 #86bfe2 #cfe6ea #fff0dc', '#fffdf2 #fff2cc #ffffff', '#a8c6d6 #5b8d70 #20432f', 0),
];

/** The same light with every hue turned a little, so that no two evenings are alike. */
export function tinted(light: Mood, degrees: number): Mood {
  const shift = (color: string) => turn(color, degrees);
  return { ...light, sky: light.sky.map(shift), land: light.land.map(shift), cloud: shift(light.cloud), glow: shift(light.glow) };
}

function mood(time: Time, sky: string, lights: string, land: string, stars: number): Mood {
  const [disc, glow, cloud] = lights.split(' ');
  return { time, sky: sky.split(' '), disc, glow, cloud, land: land.split(' '), stars };
}
