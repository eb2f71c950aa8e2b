import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What a cluster's `postmaster.pid` tells of its server. */
export interface Postmaster {
  pid: number;
  port: number;
  /** False while it starts, recovers or stops. */
  ready: boolean;
}

/**
 * Reads `postmaster.pid` (line 1: pid, line 4: port, line 8: state) of `directory`; null without one, or while it is being written.
 * The process may be long dead, and its pid another program's: see `isRunning`.
 */
export function readPostmaster(directory: string): Postmaster | null {
  try {
    const lines = readFileSync(join(directory, 'postmaster.pid'), 'utf8').split('\n');
    return lines.length < 5 ? null : { pid: Number(lines[0]), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Whether `pid` is the PostgreSQL server of `directory`, and not another program that got its pid after a crash or in a new container. */
export function isRunning(pid: number, directory: string): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return true;
  try {
    return process.platform === 'linux' ? serves(pid, directory) : commandLine(pid).includes(` -D ${directory} `);
  } catch {
    return false;
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Compares folders, not their names: the same one can be mounted twice, moved, or be the copy of another that is in use. */
function serves(pid: number, directory: string): boolean {
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const named = args.indexOf('-D') + 1;
  return named > 0 && (sameFolder(`/proc/${pid}/cwd`, directory) || sameFolder(args[named], directory));
}

function sameFolder(one: string, other: string): boolean {
  const [a, b] = [one, other].map((folder) => fileId(folder));
  return a !== null && a === b;
}

/** Null for what is not there or not for us to see. */
function fileId(path: string): string | null {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

function commandLine(pid: number): string {
  return execFileSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8', timeout: 5_000 });
}
