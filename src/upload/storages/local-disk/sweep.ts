import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from './disk-error.js';

/** Several times what an upload may take. Process ids would not tell: containers that share a folder each count them from 1. */
const LEFT_OVER_AFTER_MS = 600_000;

/** Removes from the folder `incoming` what processes that were killed have left there. */
export async function sweep(incoming: string): Promise<void> {
  for (const name of (await ifThere(readdir(incoming))) ?? []) await removeLeftOver(join(incoming, name));
}

/** Removes `path` if it is so old that whoever made it must be gone. */
export async function removeLeftOver(path: string): Promise<void> {
  const entry = await ifThere(lstat(path));
  if (entry && Date.now() - entry.mtimeMs > LEFT_OVER_AFTER_MS) await rm(path, { recursive: true, force: true });
}
