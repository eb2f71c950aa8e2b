import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const FILMROLL = join(__dirname, '../../dist/cli/filmroll.js');

export interface Ending {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built command line in a process of its own; `settings` are all of its environment but PATH. */
export class FilmrollProcess {
  /** Resolves when it has ended, with everything it has said. */
  readonly ending: Promise<Ending>;

  private constructor(readonly process: ChildProcess) {
    const { stdout, stderr } = process;
    this.ending = Promise.all([once(process, 'exit'), text(stdout!), text(stderr!)]).then(([[code], out, err]) => ({
      ...{ code, stdout: out, stderr: err },
    }));
  }

  static start(args: string[], settings: Record<string, string>, cwd?: string): FilmrollProcess {
    const env = { PATH: process.env.PATH, ...settings };
    return new FilmrollProcess(spawn(process.execPath, [FILMROLL, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] }));
  }
}

/** Runs a command to its end. */
export function filmroll(args: string[], settings: Record<string, string>, cwd?: string): Promise<Ending> {
  return FilmrollProcess.start(args, settings, cwd).ending;
}
