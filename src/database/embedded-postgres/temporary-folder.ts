import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive } from './postmaster.js';

const TEMPORARY = /^postgres.*\.(\d+)-[0-9a-f]{8}\.tmp$/;
/** Nothing takes this long to make, so an older one is a leftover even if its pid lives: in a container every process may have the same. */
const OLD = 600_000;

/**
 * Makes the folder `target` as a whole or not at all: `make` fills a sibling that takes the name at the end.
 * When another process was first, its folder stays and ours is dropped.
 */
export async function makeWhole(target: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${target}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;
  try {
    mkdirSync(temporary, { mode: 0o700 });
    await make(temporary);
    moveUnlessTaken(temporary, target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** Removes what processes left behind that were killed while they made a folder in `root`. */
export async function sweepTemporaries(root: string): Promise<void> {
  for (const name of readdirSync(root)) {
    const pid = TEMPORARY.exec(name)?.[1];
    if (pid === undefined || (isAlive(Number(pid)) && age(join(root, name)) < OLD)) continue;
    // A program that outlived its parent may still write there: the next start sweeps again.
    await rm(join(root, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

function age(folder: string): number {
  return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

function moveUnlessTaken(temporary: string, target: string): void {
  try {
    renameSync(temporary, target);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return;
  }
  if (process.platform !== 'win32') flush(dirname(target));
}

/** Without this a power failure could take back the rename, and with it all that was committed since. */
function flush(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
