import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Whatever has not ended by then is killed. Milliseconds. */
const PATIENCE = 60_000;

/** A line in a shell of its own, in the project's folder, with everything that it starts. */
export class ShellCommand {
  /** All that was said so far, on both streams. */
  output = '';
  /** Resolves with the exit code once everything that it has started is gone. */
  readonly ending: Promise<number | null>;
  private readonly child: ChildProcess;

  constructor(line: string, env: Record<string, string>) {
    this.child = spawn('sh', ['-c', line], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (text: Buffer) => void (this.output += text.toString()));
    const late = setTimeout(() => this.signal('SIGKILL'), PATIENCE);
    this.ending = once(this.child, 'close').then(([code]) => code as number | null);
    void this.ending.finally(() => clearTimeout(late));
  }

  /** Resolves with the match once it has been said; rejects when it ends before. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.child.stdout!.on('data', () => {
        const found = pattern.exec(this.output);
        if (found) resolve(found);
      });
      void this.ending.then((code) => reject(new Error(`ended with ${code}:\n${this.output}`)));
    });
  }

  /** As Ctrl-C does: all that it has started are told. */
  async interrupt(): Promise<void> {
    this.signal('SIGINT');
    await this.ending;
  }

  private signal(signal: NodeJS.Signals): void {
    process.kill(-this.child.pid!, signal);
  }
}
