import { Command, InvalidArgumentError, Option } from 'commander';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openProgress } from './progress.js';
import { runChaos } from './run-chaos.js';
import { reportTable } from './scoreboard-table.js';

interface Options {
  images: number;
  kills: number;
  minutes?: number;
  seed?: number;
  apis: number;
  workers: number;
  faults: number;
  pictureTime: number;
  redis: boolean;
  json: boolean;
  keep: boolean;
}

const command = new Command('npm run chaos --')
  .description(
    'Makes images while processes are killed and requests go wrong, and counts what became of them. Ends with 0 only if nothing did that must not.',
  )
  .option('--images <n>', 'how many images are asked for', number(1, 100_000), 1_000)
  .option('--kills <n>', 'how many processes are killed; for every two of them something is frozen, cut off or away', number(0, 10_000), 20)
  .addOption(
    new Option(
      '--minutes <n>',
      'a steady load for so long, in which nobody is killed, and what it does to memory, file handles and connections',
    )
      .argParser(number(1, 600))
      .conflicts(['images', 'kills']),
  )
  .option('--seed <n>', 'decides batches, kills and faults; any when left out', number(0, 2 ** 31))
  .option('--apis <n>', 'how many processes serve the API', number(1, 10), 2)
  .option('--workers <n>', 'how many processes make and store pictures', number(1, 10), 3)
  .option('--faults <percent>', 'how often each fault of ComfyUI and Cloudinary happens', number(0, 20), 1)
  .option('--picture-time <ms>', 'what a ComfyUI server takes for a picture', number(0, 60_000), 60)
  .option('--redis', 'BullMQ on a Redis, which is killed as well; needs redis-server', false)
  .option('--json', 'the report as JSON, every case in words', false)
  .option('--keep', 'keeps what every process wrote, and says where', false)
  .parse();

if (command.opts<Options>().minutes && !existsSync('/proc/self/fd')) command.error('--minutes reads /proc, which Linux alone has.');
process.exitCode = await run(command.opts<Options>());

async function run({ faults, pictureTime, json, keep, ...asked }: Options): Promise<number> {
  const wish = { ...asked, seed: asked.seed ?? Math.floor(Math.random() * 2 ** 31) };
  const folder = await mkdtemp(join(tmpdir(), 'filmroll-chaos-'));
  // Under root PostgreSQL runs as somebody else, who must be able to pass.
  await chmod(folder, 0o711);
  const progress = openProgress();
  progress.say(`seed ${wish.seed}: ${inWords(wish)}${keep ? `, all output in ${folder}` : ''}`);
  try {
    const report = await runChaos({ ...wish, folder, faults: faults / 100, pictureMs: pictureTime }, progress, untilSignal());
    progress.close();
    console.log(json ? JSON.stringify(report, null, 2) : reportTable(report));
    return report.board.isClean ? 0 : 1;
  } catch (error) {
    progress.close();
    console.error(reasonOf(error as NodeJS.ErrnoException));
    return 2;
  } finally {
    if (!keep) await rm(folder, { recursive: true, maxRetries: 10 });
  }
}

function inWords({ images, kills, minutes }: Pick<Options, 'images' | 'kills' | 'minutes'>): string {
  return minutes === undefined ? `${images} images, ${kills} kills` : `${minutes} minutes of steady load`;
}

/** Aborts at Ctrl-C, SIGTERM and an error of our own that nobody has caught: nothing may be left behind. */
function untilSignal(): AbortSignal {
  const controller = new AbortController();
  const abort = (signal: NodeJS.Signals) => controller.abort(new Error(`Ended by ${signal}; everything that was started is gone.`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, abort);
  process.on('uncaughtException', (error) => controller.abort(error));
  return controller.signal;
}

function reasonOf({ code, path, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' && path === 'redis-server')
    return '--redis needs redis-server, which is not on the PATH (Debian: apt-get install redis-server).';
  return message;
}

function number(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`must be a whole number of ${least}…${most}`);
    }
    return value;
  };
}
