import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ApiClient } from '../service/api-client.js';

const MAIN = join(__dirname, '../../dist/main.js');

/** It ended before it was ready. */
export class EndedEarlyError extends Error {
  constructor(
    code: number | null,
    readonly signal: NodeJS.Signals | null,
    output: string[],
  ) {
    super(`ended with ${code ?? signal}:\n${output.join('\n')}`);
  }
}

/** The built service as a process of its own, which can be killed. */
export class ChildService {
  private constructor(
    readonly process: ChildProcess,
    readonly api: ApiClient,
    readonly output: string[],
  ) {}

  /** Resolves when it says that it is ready; rejects with EndedEarlyError when it ends before. */
  static async start(settings: Record<string, string>): Promise<ChildService> {
    const env = { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'log', ...settings };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    child.stderr.on('data', (text: Buffer) => output.push(text.toString()));
    const url = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        output.push(line);
        const ready = /ready at (\S+)/.exec(line);
        if (ready) resolve(ready[1]);
      });
      child.once('exit', (code, signal) => reject(new EndedEarlyError(code, signal, output)));
    });
    return new ChildService(child, new ApiClient(url), output);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const exit = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exit;
  }

  /** Ends it as Ctrl-C would; resolves with the exit code. */
  interrupt(): Promise<number | null> {
    return this.end('SIGINT');
  }

  /** Sends the signal and resolves with the exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const exit = once(this.process, 'exit');
    this.process.kill(signal);
    const [code] = (await exit) as [number | null];
    return code;
  }
}
