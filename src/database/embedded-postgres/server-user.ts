import { chownSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataDirectoryError } from './data-directory-error.js';
import { run, type ServerUser } from './run.js';

/** `nobody` of nearly every Linux. PostgreSQL needs a uid that has a name. */
const NOBODY = { uid: 65534, gid: 65534 };

/** PostgreSQL refuses to run as root. Started by root it runs as the owner of the cluster in `home`, or as `nobody` when that is root or not there yet. */
export function serverUser(home: string): ServerUser {
  if (process.geteuid?.() !== 0) return {};
  const cluster = statSync(join(home, 'data', 'PG_VERSION'), { throwIfNoEntry: false });
  if (cluster === undefined) return NOBODY;
  if (cluster.uid !== 0) return { uid: cluster.uid, gid: cluster.gid };
  giveTo(NOBODY, home);
  return NOBODY;
}

/** Makes `user` the owner of `folder` and of all that is in it. */
export function giveTo(user: ServerUser, folder: string): void {
  if (user.uid === undefined || user.gid === undefined) return;
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) lchownSync(join(folder, entry), user.uid, user.gid);
  chownSync(folder, user.uid, user.gid);
}

/** Whether `user` gets into `folder`, which is not so when a folder above it is private, as `/root` is. Throws unless we may run programs as `user`. */
export async function isReachable(folder: string, user: ServerUser): Promise<boolean> {
  if (user.uid === undefined) return true;
  try {
    await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], user);
    return true;
  } catch (error) {
    if (typeof (error as { code?: unknown }).code === 'number') return false;
    const cure = 'run Filmroll as another user than root, or set DATABASE_URL';
    throw new DataDirectoryError(`PostgreSQL refuses to run as root, and Filmroll may not start it as another user; ${cure}`, {
      cause: error,
    });
  }
}
