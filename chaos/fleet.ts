import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlayedFault, PromptRun, Storage } from './evidence.js';
import { freePort, launchFake, launchRedis, launchService } from './launch.js';
import { writeStory } from './ledger-story.js';
import { type Launched, Member } from './member.js';
import { Postgres } from './postgres.js';
import { readServerLog } from './server-log.js';

export interface FleetWish {
  seed: number;
  redis: boolean;
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

  constructor(private readonly wish: FleetWish) {}

  /** Starts what the others need first; an API makes the tables before the workers come. */
  async start(): Promise<void> {
    this.postgresServer = await Postgres.start(this.wish.folder);
    await Promise.all([...(await this.startRedis()), this.startComfyui(1), this.startComfyui(2), this.startCloudinary()]);
    await this.startService('api', 1);
    await writeStory(this.postgres);
    await Promise.all([this.startService('api', 2), ...[1, 2, 3].map((k) => this.startService('worker', k))]);
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
    return ['api-1', 'api-2'].map((name) => this.member(name).url);
  }

  storage(): Promise<Storage> {
    return this.member('cloudinary').ask<Storage>({ report: true });
  }

  /** What the ComfyUI servers wrote down, through all their lives. */
  async generation(): Promise<{ runs: PromptRun[]; faults: PlayedFault[] }> {
    const logs = ['comfyui-1', 'comfyui-2'].map(async (name) => readServerLog(name, await readFile(this.file(`${name}.jsonl`), 'utf8')));
    const read = await Promise.all(logs);
    return { runs: read.flatMap(({ runs }) => runs), faults: read.flatMap(({ faults }) => faults) };
  }

  /** Kills everything; may be called at any time. */
  async end(): Promise<void> {
    this.isEnding = true;
    await Promise.all([...this.members.values()].map((member) => member.end()));
    await this.postgresServer?.end();
  }

  private startRedis(): Promise<Promise<void>[]> {
    if (!this.wish.redis) return Promise.resolve([]);
    return freePort().then((port) => [this.add('redis', () => launchRedis(port, this.wish.folder, this.file('redis.log')))]);
  }

  private async startComfyui(k: number): Promise<void> {
    const name = `comfyui-${k}`;
    const { seed, faults, pictureMs } = this.wish;
    const options = { port: await freePort(), seed: seed * 10 + k, pictureMs, faults, logFile: this.file(`${name}.jsonl`) };
    await this.add(name, () => launchFake('comfyui.process.ts', options, this.file(`${name}.log`)));
  }

  private startCloudinary(): Promise<void> {
    const { seed, faults } = this.wish;
    return this.add('cloudinary', () => launchFake('cloudinary.process.ts', { seed, faults }, this.file('cloudinary.log')));
  }

  private startService(role: 'api' | 'worker', k: number): Promise<void> {
    const name = `${role}-${k}`;
    return this.add(name, () => launchService(this.settingsFor(role, name), this.file(`${name}.log`)));
  }

  private settingsFor(role: string, name: string): Record<string, string> {
    return {
      ROLE: role,
      DATABASE_URL: this.postgres.urlFor(name),
      COMFYUI_URLS: ['comfyui-1', 'comfyui-2'].map((server) => this.member(server).url).join(),
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
  }

  private file(name: string): string {
    return join(this.wish.folder, name);
  }
}
