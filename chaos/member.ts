import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

/** How long a process may take until it is there, new tries included. Milliseconds. */
const START_PATIENCE = 120_000;
const TRY_AGAIN_AFTER = 300;

/** A started process. `url` says where it listens, once it does; rejects when it ends before. */
export interface Launched {
  process: ChildProcess;
  url: Promise<string>;
}

/** One process of the fleet: it can be killed, frozen and started again, and is started again when it ends by itself. */
export class Member {
  /** Where it listens, or did before it was killed. */
  url = '';
  private process?: ChildProcess;
  private turn: Promise<unknown> = Promise.resolve();
  private over = false;

  constructor(
    readonly name: string,
    private readonly launch: () => Launched,
    private readonly onCrash: (story: string) => void,
  ) {}

  /** Undefined while it is killed. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Resolves when it listens. A process that ends before that is started again: what it needs may be away. */
  async start(): Promise<void> {
    const deadline = Date.now() + START_PATIENCE;
    while (!this.over) {
      try {
        return await this.startOnce();
      } catch (error) {
        if (Date.now() > deadline || (error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
      }
      await setTimeout(TRY_AGAIN_AFTER);
    }
  }

  /** One harm after the other. */
  inTurn(harm: () => Promise<void>): Promise<void> {
    const done = this.turn.then(() => (this.over ? undefined : harm()));
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (!process || hasEnded(process)) return;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  }

  /** It stands still in the middle of whatever it does, and goes on as if nothing were. */
  freeze(): void {
    this.process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.process?.kill('SIGCONT');
  }

  /** Asks a fake that is there to do something. */
  tell(message: object): void {
    if (this.process?.connected) this.process.send(message);
  }

  /** Asks a fake, and resolves with its next message. */
  async ask<T>(message: object): Promise<T> {
    const { process } = this;
    if (!process?.connected) throw new Error(`${this.name} is not running.`);
    const answer = once(process, 'message', { signal: AbortSignal.timeout(START_PATIENCE) });
    process.send(message);
    const [told] = (await answer) as [T];
    return told;
  }

  /** For good. */
  async end(): Promise<void> {
    this.over = true;
    await this.kill();
  }

  private async startOnce(): Promise<void> {
    const { process, url } = this.launch();
    this.process = process;
    this.url = await url;
    process.once('exit', (code, signal) => {
      if (this.process !== process || this.over) return;
      this.onCrash(`${this.name} ended by itself with ${code ?? signal}`);
      void this.start().catch(() => undefined);
    });
  }
}

function hasEnded({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid === undefined || exitCode !== null || signalCode !== null;
}
