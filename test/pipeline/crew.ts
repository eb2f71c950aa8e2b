import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { ApiClient, RefusedError } from '../service/api-client.js';
import { ChildService, EndedEarlyError } from './child-service.js';

const PRELOAD = join(__dirname, 'die-at.mjs');
/** How long a killed process may take to be gone. Milliseconds. */
const GRACE = 30_000;

/** Processes of one service. Each dies once at the crash point, if it comes there, and whatever ends is started again. */
export class Crew {
  /** How many processes died at the crash point. */
  deaths = 0;
  private readonly members: Member[];
  private readonly events = new EventEmitter();

  constructor(roles: string[], settings: Record<string, string>, crashPoint: string) {
    const onDeath = () => {
      this.deaths++;
      this.events.emit('death');
    };
    this.members = roles.map((ROLE) => new Member({ ...settings, ROLE }, crashPoint, onDeath));
  }

  /** Resolves when all processes are ready. */
  async ready(): Promise<void> {
    await Promise.all(this.members.map((member) => member.current));
  }

  /** Resolves at the first death at the crash point; throws when there is none in time. */
  async died(patience: number): Promise<void> {
    if (this.deaths > 0) return;
    await once(this.events, 'death', { signal: AbortSignal.timeout(patience) }).catch(() => {
      throw new Error('No process came to the crash point.');
    });
  }

  /** Asks whichever process serves clients, again and again until one has answered, as a client must whose service dies. */
  async insist<T>(request: (api: ApiClient) => Promise<T>): Promise<T> {
    for (;;) {
      const service = await this.members[0].current;
      try {
        return await request(service.api);
      } catch (error) {
        if (error instanceof RefusedError) throw error;
        if (isAlive(service)) await exited(service, error);
      }
    }
  }

  /** Ends one of the processes that work. */
  async signalWorker(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    await this.members.at(-1)!.signal(signal);
  }

  /** Ends all of them at once, for good. */
  async disband(): Promise<void> {
    await Promise.all(this.members.map((member) => member.disband()));
  }
}

class Member {
  current: Promise<ChildService>;
  private signalled = false;
  private disbanded = false;

  constructor(
    private readonly settings: Record<string, string>,
    private crashPoint: string | null,
    private readonly onDeath: () => void,
  ) {
    this.current = this.start();
  }

  async signal(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { process } = await this.current;
    this.signalled = signal === 'SIGKILL';
    const exit = once(process, 'exit');
    process.kill(signal);
    await exit;
  }

  async disband(): Promise<void> {
    this.disbanded = true;
    const service = await this.current;
    if (isAlive(service)) await service.kill();
  }

  private async start(): Promise<ChildService> {
    const armed = this.crashPoint && { NODE_OPTIONS: `--import=${PRELOAD}`, DIE_AT: this.crashPoint };
    try {
      const service = await ChildService.start({ ...this.settings, ...armed });
      service.process.once('exit', (_, signal) => this.replace(signal));
      return service;
    } catch (error) {
      if (!(error instanceof EndedEarlyError) || error.signal !== 'SIGKILL') throw error;
      this.disarm();
      return this.start();
    }
  }

  private replace(signal: NodeJS.Signals | null): void {
    if (this.disbanded) return;
    if (signal === 'SIGKILL' && !this.signalled) this.disarm();
    this.signalled = false;
    this.current = this.start();
  }

  private disarm(): void {
    this.crashPoint = null;
    this.onDeath();
  }
}

/** Waits for the end that explains the error; throws the error itself if none comes, for then it is not about the connection. */
async function exited({ process }: ChildService, error: unknown): Promise<void> {
  await once(process, 'exit', { signal: AbortSignal.timeout(GRACE) }).catch(() => {
    throw error;
  });
}

function isAlive({ process }: ChildService): boolean {
  return process.exitCode === null && process.signalCode === null;
}
