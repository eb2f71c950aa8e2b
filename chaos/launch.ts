import { type ChildProcess, fork, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Launched } from './member.js';

const ROOT = join(import.meta.dirname, '..');
const LOADER = join(import.meta.dirname, 'typescript.mjs');

/** The built service, with nothing in its environment but these settings. */
export function launchService(settings: Record<string, string>, logFile: string): Launched {
  const env = { PATH: process.env.PATH, PORT: '0', ...settings };
  const child = spawn(process.execPath, [join(ROOT, 'dist/main.js')], { env, cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  return { process: child, url: lineOf(child, logFile, /ready at (\S+)/) };
}

/** A Redis that keeps nothing on disk: killed, it comes back empty. */
export function launchRedis(port: number, folder: string, logFile: string): Launched {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ready = lineOf(child, logFile, /(Ready to accept connections)/);
  return { process: child, url: ready.then(() => `redis://127.0.0.1:${port}`) };
}

/** A fake of `chaos/fakes` as a process of its own, which tells where it listens as its first message. */
export function launchFake(file: string, options: object, logFile: string): Launched {
  const log = openSync(logFile, 'a');
  const child = fork(join(import.meta.dirname, 'fakes', file), [JSON.stringify(options)], {
    execArgv: ['--import', LOADER],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const url = new Promise<string>((resolve, reject) => {
    child.once('message', resolve as () => void);
    rejectAtEnd(child, reject);
  });
  return { process: child, url };
}

/** Any that nobody listens at now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Writes down all that a process says, and resolves with what the first matching line tells. */
function lineOf(child: ChildProcess, logFile: string, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        appendFileSync(logFile, `${line}\n`);
        const found = wanted.exec(line);
        if (found) resolve(found[1]);
      });
    }
    rejectAtEnd(child, reject);
  });
}

function rejectAtEnd(child: ChildProcess, reject: (error: Error) => void): void {
  child.once('error', reject);
  child.once('exit', (code, signal) => reject(new Error(`ended with ${code ?? signal} before it was ready`)));
}
