import { createHash } from 'node:crypto';
import { lstatSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { openDataDirectory } from './data-directory.js';

/** Where services keep what must last, on every Linux. */
const STATE = '/var/lib/filmroll';

/**
 * The folder that takes the database of `root`, a data directory that is closed to the user as whom PostgreSQL runs when root starts it, as all below
 * /root is. A link in `root` tells where it is; pictures stay in `root`.
 */
export function standInFolder(root: string): string {
  const folder = openDataDirectory(join(STATE, createHash('sha256').update(root).digest('hex').slice(0, 16)));
  const link = join(root, 'postgres');
  if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(join(folder, 'postgres'), link);
  return folder;
}
