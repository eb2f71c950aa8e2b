import { join, relative } from 'node:path';
import { runUntilSignal } from '../app/run.js';
import { pageDirBeside, RunningService, startService } from '../app/start.js';
import { Config, readConfig } from '../config/config.js';
import { loadEnvFile } from '../config/env-file.js';
import { DemoClient, DemoImage } from './demo-client.js';
import { pictureTable } from './demo-table.js';
import { openView } from './demo-view.js';

const BATCH = { username: 'demo', character: 'luna', prompt: 'luna at the lighthouse, dusk, calm sea, film photograph', count: 4 };

const terminal = process.stdout.isTTY && !process.env.CI;

/** Shows the whole way of four pictures, then serves until Ctrl-C, or ends when they are stored. */
export function demo(once: boolean): Promise<void> {
  return runUntilSignal(async () => {
    loadEnvFile();
    const config = readConfig({ LOG_LEVEL: 'warn', ...process.env, ROLE: 'all' });
    const service = await startService(config, pageDirBeside(join(import.meta.dirname, 'main.js')));
    void show(service, config).then(
      (proven) => finish(service, once, proven),
      (error: Error) => finish(service, once, false, error),
    );
    return service;
  });
}

/** Makes one batch and says what became of it; true if all of its pictures are proven stored and different. */
async function show({ url }: RunningService, config: Config): Promise<boolean> {
  const client = new DemoClient(url);
  console.log(`Filmroll is running at ${url}. Asking for ${BATCH.count} pictures of ${BATCH.character}.\n`);
  const batch = await client.generate(BATCH);
  const view = openView(batch.images, terminal);
  const progress = client.followProgress(batch.id, (step) => view.onProgress(step)).catch(() => undefined);
  await client.follow(batch.id, (event) => view.onEvent(event));
  await progress;
  const images = await client.images(batch.id);
  console.log(`\n${pictureTable(images, fileIn(config), terminal ? process.stdout.columns : undefined)}\n`);
  const fault = await faultOf(client, images);
  console.log(fault ?? `All ${images.length} pictures are stored, and all differ: each file was fetched and its SHA-256 is the one above.`);
  await client.close();
  return fault === null;
}

/** Where a person finds the file: its address, or on this disk, as a path from where they stand. */
function fileIn(config: Config): (image: DemoImage) => string {
  if (config.CLOUDINARY_URL) return ({ url }) => url ?? '–';
  return ({ url }) => (url ? relative(process.cwd(), join(config.DATA_DIR, new URL(url).pathname)) : '–');
}

/** What keeps these pictures from being proven, or null. */
async function faultOf(client: DemoClient, images: DemoImage[]): Promise<string | null> {
  for (const { position, url, sha256, status, error } of images) {
    if (!url || !sha256) return `Picture ${position} is ${status}: ${error?.message ?? 'no reason was given'}`;
    const served = await client.sha256At(url);
    if (served !== sha256) return `Picture ${position} is served with SHA-256 ${served}, which is not the one in the ledger.`;
  }
  const different = new Set(images.map(({ sha256 }) => sha256)).size;
  return different === images.length ? null : `Only ${different} of the ${images.length} pictures differ.`;
}

async function finish(service: RunningService, once: boolean, proven: boolean, error?: Error): Promise<void> {
  if (error) console.error(`The demo broke off: ${error.message}`);
  if (!once) return console.log(`\nLook at them and try your own at ${service.url}/graphql. Press Ctrl-C to stop.`);
  await service.close();
  process.exit(proven ? 0 : 1);
}
