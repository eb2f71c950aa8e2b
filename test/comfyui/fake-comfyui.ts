import { randomUUID } from 'node:crypto';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { Faults } from './faults.js';
import type { Graph } from './graph.js';
import { type Belongings, isAtLeast, type Settings } from './inside.js';
import { ModelFolders } from './model-folders.js';
import { OutputFiles } from './output-files.js';
import { fingerprintOfPicture, fingerprintOfRecipe, type Recipe } from './picture.js';
import { type Execution, type RequestRecord, ServerLog } from './server-log.js';
import { ServerProcess } from './server-process.js';

export interface FakeComfyUIOptions extends Partial<Settings> {
  /** Any free one when left out; kept through restarts. */
  port?: number;
  name?: string;
  /** File names; only `sd15-fake.safetensors` when left out. */
  checkpoints?: string[];
  embeddings?: string[];
  /** Seeds the choices of the faults. */
  seed?: number;
}

/** A ComfyUI that draws at once and misbehaves on demand: its protocol, its order of messages and its bad moments. Loopback only. */
export class FakeComfyUI {
  readonly name: string;
  /** 0 until started for the first time, the same ever after. */
  port: number;
  readonly settings: Settings;
  readonly models: ModelFolders;
  readonly files = new OutputFiles();
  readonly faults: Faults;
  readonly log = new ServerLog();
  private process: ServerProcess | null = null;
  private readonly belongings: Belongings;

  static async start(options: FakeComfyUIOptions = {}): Promise<FakeComfyUI> {
    const server = new FakeComfyUI(options);
    await server.revive();
    return server;
  }

  private constructor(options: FakeComfyUIOptions) {
    const { port = 0, name = 'comfy', checkpoints = ['sd15-fake.safetensors'], embeddings, seed = 1, ...settings } = options;
    this.port = port;
    this.name = name;
    this.settings = settingsFrom(settings);
    this.models = new ModelFolders({
      checkpoints,
      embeddings: embeddings ?? usualEmbeddings,
      loras: ['detail.safetensors'],
      vae: ['usual.pt'],
    });
    this.faults = new Faults(seed);
    this.belongings = { settings: this.settings, models: this.models, files: this.files, faults: this.faults, log: this.log };
  }

  /** For COMFYUI_URLS. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get executions(): Execution[] {
    return this.log.executions;
  }

  get requests(): RequestRecord[] {
    return this.log.requests;
  }

  busyFraction(): number {
    return this.log.busyFraction();
  }

  /** Which of the pictures made here these bytes show, whatever happened to their text chunks; null for none. */
  async recipeOf(picture: Buffer): Promise<Recipe | null> {
    const fingerprint = await fingerprintOfPicture(picture);
    return this.executions.flatMap((one) => one.pictures).find((recipe) => fingerprintOfRecipe(recipe) === fingerprint) ?? null;
  }

  /** The process ends without a goodbye; connections are refused from then on. Waiting and running jobs and the history are lost. */
  async kill(): Promise<void> {
    const dying = this.process;
    this.process = null;
    await dying?.kill();
  }

  /** A new process on the same port: empty queue and history, numbers from 0, no temp files, the output files as they were. */
  async revive(): Promise<void> {
    this.files.wipeTemp();
    const process = new ServerProcess(this.belongings);
    this.port = await process.start(this.port);
    this.process = process;
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.revive();
  }

  /** Takes connections, answers nothing, says nothing, runs nothing; wakes up by itself where `ms` is given. */
  freeze(ms?: number): void {
    const { awake, life } = this.alive.inside;
    awake.close();
    const wake = () => awake.open();
    if (ms !== undefined) this.settings.pace(ms, life).then(wake, wake);
  }

  /** Wakes up and works off what came meanwhile, also for clients that have given up. */
  thaw(): void {
    this.alive.inside.awake.open();
  }

  /** Every websocket breaks off (1006); jobs go on. */
  dropSockets(): void {
    this.alive.inside.sockets.drop();
  }

  /** Every websocket stays open and answers pings, but gets nothing any more. */
  deafSockets(): void {
    this.alive.inside.sockets.deafen();
  }

  /** Some client does not read: nobody gets any event until `resumeEvents`; then all come, in order. */
  stallEvents(): void {
    this.alive.events.close();
  }

  resumeEvents(): void {
    this.alive.events.open();
  }

  /** The execution thread dies: its job stays listed as running, the queue only grows, all else looks well. Only a restart helps. */
  deadWorker(): void {
    this.alive.worker.die();
  }

  /** Null while the execution thread lives. */
  get workerDeath(): unknown {
    return this.alive.worker.death;
  }

  /** Whether every event has been handed to its socket. */
  get saidAll(): boolean {
    return this.alive.inside.sockets.isQuiet;
  }

  /** Queues a picture for somebody else; without a client id its progress goes to everybody. Returns its prompt id. */
  submitForeignJob(clientId?: string): string {
    const promptId = randomUUID();
    const { queue } = this.alive.inside;
    const extraData = clientId === undefined ? {} : { client_id: clientId };
    queue.put([queue.nextNumber++, promptId, foreignGraph(promptId, this.models.list('checkpoints')![0]), extraData, ['9']]);
    return promptId;
  }

  private get alive(): ServerProcess {
    if (!this.process) throw new Error(`${this.name} is not running: revive() it first`);
    return this.process;
  }
}

const usualEmbeddings = ['badhand_v4.bin', 'easynegative.safetensors', 'sub/style one.pt'];

function settingsFrom(given: Partial<Settings>): Settings {
  const version = given.version ?? '0.3.64';
  const cache = isAtLeast(version, '0.38.0') ? 'lru' : 'classic';
  return { version, pictureMs: 0, previews: true, cache, historyLimit: 10_000, pace: passTime, ...given };
}

async function passTime(ms: number, signal: AbortSignal): Promise<void> {
  await (ms > 0 ? setTimeout(ms, undefined, { signal }) : setImmediate(undefined, { signal }));
}

function foreignGraph(promptId: string, checkpoint: string): Graph {
  const sampling = { steps: 4, cfg: 7, sampler_name: 'euler', scheduler: 'normal', denoise: 1 };
  const links = { model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['5', 0] };
  return {
    '3': { class_type: 'KSampler', inputs: { seed: 1, ...sampling, ...links } },
    '4': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: checkpoint } },
    '5': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
    '6': { class_type: 'CLIPTextEncode', inputs: { text: `somebody else's picture ${promptId}`, clip: ['4', 1] } },
    '7': { class_type: 'CLIPTextEncode', inputs: { text: '', clip: ['4', 1] } },
    '8': { class_type: 'VAEDecode', inputs: { samples: ['3', 0], vae: ['4', 2] } },
    '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'somebody', images: ['8', 0] } },
  };
}
