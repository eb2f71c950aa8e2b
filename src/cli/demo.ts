import { createHash, randomUUID } from 'node:crypto';
import { join, relative } from 'node:path';
import { runUntilSignal } from '../app/run.js';
import { pageDirBeside, RunningService, startService } from '../app/start.js';
import { Config, ConfigError, readConfig } from '../config/config.js';
import { loadEnvFile } from '../config/env-file.js';
import { ShownImage } from './batch-operations.js';
import { onTerminal, openView } from './open-view.js';
import { FileOf, pictureTable } from './picture-table.js';
import { ServiceClient } from './service-client.js';

const BATCH = { username: 'demo', character: 'luna', prompt: 'luna at the lighthouse, dusk, calm sea, film photograph', count: 4 };
/** The service is this process: it is away only when it ends. Milliseconds. */
const PATIENCE = 5_000;
const NO_TOKEN = 'JWT_SECRET and JWKS_URL must not be set for the demo, which has no token: use filmroll start, then filmroll generate';

/** Shows the whole way of four pictures, then serves until Ctrl-C, or ends when they are stored. */
export function demo(once: boolean): Promise<void> {
  return runUntilSignal(start, (service, stopping) => {
    const end = async (proven: boolean, error?: Error) => {
      if (!stopping.aborted) await finish(service, once, proven, error);
    };
    void show(service, stopping).then(end, (error: Error) => end(false, error));
  });
}

async function start(): Promise<RunningService> {
  loadEnvFile();
  const config = readConfig({ LOG_LEVEL: 'warn', ...process.env, ROLE: 'all' });
  if (config.authenticated) throw new ConfigError([NO_TOKEN]);
  return startService(config, pageDirBeside(join(import.meta.dirname, '../main.js')));
}

/** Makes one batch and says what became of it; true if all of its pictures are proven stored and different. */
async function show({ url, app }: RunningService, signal: AbortSignal): Promise<boolean> {
  const client = new ServiceClient({ url, token: null, patience: PATIENCE }, { signal, onAway: console.error });
  console.log(`Filmroll is running at ${url}. Asking for ${BATCH.count} pictures of ${BATCH.character}.\n`);
  const { batch } = await client.generate({ ...BATCH, idempotencyKey: randomUUID() });
  const view = openView(batch.images);
  // At once, so that what is said next stands below the bars.
  signal.addEventListener('abort', () => view.close());
  const { images } = await client.follow(batch.id, view).finally(() => view.close());
  console.log(`\n${pictureTable(images, fileIn(app.get(Config)), onTerminal ? process.stdout.columns : undefined)}\n`);
  const fault = await faultOf(images);
  console.log(fault ?? `All ${images.length} pictures are stored, and all differ: each file was fetched and its SHA-256 is the one above.`);
  return fault === null;
}

/** Where a person finds the file: its address, or on this disk, as a path from where they stand. */
function fileIn(config: Config): FileOf {
  if (config.CLOUDINARY_URL) return ({ url }) => url;
  return ({ url }) => url && relative(process.cwd(), join(config.DATA_DIR, new URL(url).pathname));
}

/** What keeps these pictures from being proven, or null. */
async function faultOf(images: ShownImage[]): Promise<string | null> {
  for (const { position, url, sha256, status, error } of images) {
    if (!url || !sha256) return `Picture ${position} is ${status}: ${error?.message ?? 'no reason was given'}`;
    const served = await sha256At(url);
    if (served !== sha256) return `Picture ${position} is served with SHA-256 ${served}, which is not the one in the ledger.`;
  }
  const different = new Set(images.map(({ sha256 }) => sha256)).size;
  return different === images.length ? null : `Only ${different} of the ${images.length} pictures differ.`;
}

/** SHA-256 of what the URL serves, lower-case hex. */
async function sha256At(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`);
  return createHash('sha256')
    .update(Buffer.from(await response.arrayBuffer()))
    .digest('hex');
}

async function finish(service: RunningService, once: boolean, proven: boolean, error?: Error): Promise<void> {
  if (error) console.error(`The demo broke off: ${error.message}`);
  if (!once) return console.log(`\nLook at them and ask for your own at ${service.url}. Press Ctrl-C to stop.`);
  await service.close();
  process.exit(proven ? 0 : 1);
}
