import { SingleBar } from 'cli-progress';
import type { Watcher } from './run-chaos.js';

export interface Progress extends Watcher {
  say(line: string): void;
  close(): void;
}

/** What happens, on standard error: a bar on a terminal, lines elsewhere. */
export function openProgress(): Progress {
  return process.stderr.isTTY ? bar() : lines();
}

function bar(): Progress {
  const format = '{bar} {percentage} % · {images} images · {kills} kills · {last}';
  const single = new SingleBar({ format, stream: process.stderr, hideCursor: true, barsize: 30, noTTYOutput: false });
  const state = { images: 0, kills: 0, last: 'starting' };
  let started = false;
  return {
    say: (line) => console.error(line),
    onStory: (last) => void (state.last = last),
    onProgress: (part, images, kills) => {
      if (!started) single.start(100, 0, state);
      started = true;
      Object.assign(state, { images, kills });
      single.update(Math.floor(100 * part), state);
    },
    close: () => single.stop(),
  };
}

function lines(): Progress {
  const began = Date.now();
  let tenths = 0;
  const say = (line: string) => console.error(line);
  const at = () => `${((Date.now() - began) / 1_000).toFixed(1)} s`;
  return {
    say,
    onStory: (story) => say(`${at()}: ${story}`),
    onProgress: (part, images, kills) => {
      const now = Math.floor(10 * part);
      if (now > tenths) say(`${at()}: ${10 * now} %, ${images} images, ${kills} kills`);
      tenths = Math.max(tenths, now);
    },
    close: () => undefined,
  };
}
