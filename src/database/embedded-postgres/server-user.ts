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

/** Throws unless we may run programs as `user`, and `user` gets into `folder`, which is not so when a folder above it is private, as `/root` is. */
export async function requireReachable(folder: string, user: ServerUser, dataDir: string): Promise<void> {
  if (user.uid === undefined) return;
  try {
    await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], user);
  } catch (error) {
    const ended = typeof (error as { code?: unknown }).code === 'number';
    const why = ended ? `the user it runs as instead cannot enter ${dataDir}` : 'Filmroll may not start it as another user';
    const cure = ended ? ', or set DATA_DIR to a folder that every user may enter, such as /var/lib/filmroll' : ', or set DATABASE_URL';
    throw new DataDirectoryError(`PostgreSQL refuses to run as root, and ${why}; run Filmroll as another user than root${cure}`, {
      cause: error,
    });
  }
}
