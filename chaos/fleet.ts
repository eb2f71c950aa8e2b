import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlayedFault, PromptRun, Storage } from './evidence.js';
import { freePort, launchFake, launchRedis, launchService } from './launch.js';
import { writeStory } from './ledger-story.js';
import { type Launched, Member } from './member.js';
import { SERVERS } from './plan.js';
import { Postgres } from './postgres.js';
import { readServerLog } from './server-log.js';

export interface FleetWish {
  seed: number;
  redis: boolean;
  /** How many of each. */
  apis: number;
  workers: number;
  /** Of each background fault, 0…1. */
  faults: number;
  /** What a ComfyUI server takes for a picture, in milliseconds. */
  pictureMs: number;
  /** Everything that any process writes goes there. */
  folder: string;
}

/** Every process that takes part: all of them ours, on loopback, and gone after `end`. */
export class Fleet {
  readonly crashes: string[] = [];
  private readonly members = new Map<string, Member>();
  private postgresServer?: Postgres;
  private isEnding = false;

  constructor(
    private readonly wish: FleetWish,
    private readonly tell: (story: string) => void,
  ) {}

  /** Starts what the others need first; an API makes the tables before the workers come. */
  async start(): Promise<void> {
    this.postgresServer = await Postgres.start(this.wish.folder);
    await Promise.all([this.startRedis(), this.startCloudinary(), ...this.servers.map((name, k) => this.startComfyui(name, k))]);
    const [first, ...others] = this.names('api', this.wish.apis);
    await this.startService('api', first);
    await writeStory(this.postgres);
    const workers = this.names('worker', this.wish.workers).map((name) => this.startService('worker', name));
    await Promise.all([...workers, ...others.map((name) => this.startService('api', name))]);
  }

  get postgres(): Postgres {
    if (!this.postgresServer) throw new Error('PostgreSQL has not been started.');
    return this.postgresServer;
  }

  member(name: string): Member {
    const member = this.members.get(name);
    if (!member) throw new Error(`There is no ${name} in the fleet.`);
    return member;
  }

  /** Where the APIs listen, or did until they were killed. */
  get apis(): string[] {
    return this.names('api', this.wish.apis).map((name) => this.member(name).url);
  }

  /** Names of the processes of the service. */
  get services(): string[] {
    return [...this.names('api', this.wish.apis), ...this.names('worker', this.wish.workers)];
  }

  storage(): Promise<Storage> {
    return this.member('cloudinary').ask<Storage>({ report: true });
  }

  /** What the ComfyUI servers wrote down, through all their lives. */
  async generation(): Promise<{ runs: PromptRun[]; faults: PlayedFault[] }> {
    const logs = this.servers.map(async (name) => readServerLog(name, await readFile(this.file(`${name}.jsonl`), 'utf8')));
    const read = await Promise.all(logs);
    return { runs: read.flatMap(({ runs }) => runs), faults: read.flatMap(({ faults }) => faults) };
  }

  /** Kills everything; may be called at any time. */
  async end(): Promise<void> {
    this.isEnding = true;
    await Promise.all([...this.members.values()].map((member) => member.end()));
    await this.postgresServer?.end();
  }

  private get servers(): string[] {
    return this.names('comfyui', SERVERS);
  }

  private names(kind: string, count: number): string[] {
    return Array.from({ length: count }, (_, k) => `${kind}-${k + 1}`);
  }

  private async startRedis(): Promise<void> {
    if (!this.wish.redis) return;
    const port = await freePort();
    await this.add('redis', () => launchRedis(port, this.wish.folder, this.file('redis.log')));
  }

  private async startComfyui(name: string, k: number): Promise<void> {
    const { seed, faults, pictureMs } = this.wish;
    const options = { port: await freePort(), seed: seed + k, pictureMs, faults, logFile: this.file(`${name}.jsonl`) };
    await this.add(name, () => launchFake('comfyui.process.ts', options, this.file(`${name}.log`)));
  }

  private startCloudinary(): Promise<void> {
    const { seed, faults } = this.wish;
    return this.add('cloudinary', () => launchFake('cloudinary.process.ts', { seed, faults }, this.file('cloudinary.log')));
  }

  private startService(role: 'api' | 'worker', name: string): Promise<void> {
    return this.add(name, () => launchService(this.settingsFor(role, name), this.file(`${name}.log`)));
  }

  private settingsFor(role: string, name: string): Record<string, string> {
    return {
      ROLE: role,
      DATABASE_URL: this.postgres.urlFor(name),
      COMFYUI_URLS: this.servers.map((server) => this.member(server).url).join(),
      CLOUDINARY_URL: this.member('cloudinary').url,
      DATA_DIR: this.file('data'),
      UPLOAD_TIMEOUT: '5s',
      ...(this.wish.redis && { REDIS_URL: this.member('redis').url }),
    };
  }

  private async add(name: string, launch: () => Launched): Promise<void> {
    if (this.isEnding) throw new Error('The fleet is ending.');
    const member = new Member(name, launch, (story) => this.crashes.push(story));
    this.members.set(name, member);
    await member.start();
    if (!this.isEnding) this.tell(`${name} is there`);
  }

  private file(name: string): string {
    return join(this.wish.folder, name);
  }
}
