import { SingleBar } from 'cli-progress';
import type { Watcher } from './run-chaos.js';

export interface Progress extends Watcher {
  say(line: string): void;
  close(): void;
}

/** What happens, on standard error: a bar on a terminal, lines elsewhere. */
export function openProgress(images: number, kills: number): Progress {
  return process.stderr.isTTY ? bar(images, kills) : lines(images, kills);
}

function bar(images: number, kills: number): Progress {
  const format = '{bar} {value}/{total} images · {kills} kills · {last}';
  const single = new SingleBar({ format, stream: process.stderr, hideCursor: true, barsize: 30, noTTYOutput: false });
  const state = { kills: `0/${kills}`, last: 'starting' };
  let started = false;
  return {
    say: (line) => console.error(line),
    onStory: (last) => void (state.last = last),
    onProgress: (ended, done) => {
      if (!started) single.start(images, 0, state);
      started = true;
      state.kills = `${done}/${kills}`;
      single.update(Math.min(ended, images), state);
    },
    close: () => single.stop(),
  };
}

function lines(images: number, kills: number): Progress {
  const began = Date.now();
  let tenths = 0;
  const say = (line: string) => console.error(line);
  const at = () => `${((Date.now() - began) / 1_000).toFixed(1)} s`;
  return {
    say,
    onStory: (story) => say(`${at()}: ${story}`),
    onProgress: (ended, done) => {
      const now = Math.floor((10 * ended) / images);
      if (now > tenths) say(`${at()}: ${ended} of ${images} images, ${done} of ${kills} kills`);
      tenths = Math.max(tenths, now);
    },
    close: () => undefined,
  };
}
