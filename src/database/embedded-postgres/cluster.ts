import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries } from './binaries.js';
import { openDataDirectory } from './data-directory.js';
import { DataDirectoryError } from './data-directory-error.js';
import { run, type ServerUser } from './run.js';
import { giveTo, isReachable, serverUser } from './server-user.js';
import { standInFolder } from './stand-in-folder.js';
import { makeWhole, sweepTemporaries } from './temporary-folder.js';

/** The database's superuser, whose password is kept beside the cluster. */
export const ROLE = 'filmroll';

/** A database cluster on disk and all that is needed to run its server. */
export interface Cluster {
  /** As it was given: for messages. */
  dataDir: string;
  /** PostgreSQL's own data directory, absolute. */
  directory: string;
  logFile: string;
  password: string;
  /** Folder of the programs. */
  bin: string;
  user: ServerUser;
  /** False: data may be lost in a crash, for tests. */
  durable: boolean;
}

/** Finds the cluster in `<dataDir>/postgres` (or its stand-in folder), or makes it. It appears there whole, so a crash or a race of first starts leaves nothing half-made. */
export async function openCluster(dataDir: string, durable: boolean): Promise<Cluster> {
  const given = openDataDirectory(dataDir);
  const user = serverUser(join(given, 'postgres'));
  const root = (await isReachable(given, user)) ? given : standInFolder(given);
  const home = join(root, 'postgres');
  await sweepTemporaries(root);
  const bin = await findBinaries(root, user);
  if (!hasCluster(home) && isFree(home)) await makeWhole(home, (temporary) => initialize(temporary, bin, user, durable));
  if (!hasCluster(home)) throw notOurs(dataDir);
  const password = readFileSync(join(home, 'password'), 'utf8');
  return { dataDir, directory: join(home, 'data'), logFile: join(root, 'postgres.log'), password, bin, user, durable };
}

function hasCluster(home: string): boolean {
  return statSync(join(home, 'data', 'PG_VERSION'), { throwIfNoEntry: false }) !== undefined;
}

function notOurs(dataDir: string): DataDirectoryError {
  return new DataDirectoryError(
    `${dataDir} has a folder named postgres that is no database; move it away or set DATA_DIR to another folder`,
  );
}

function isFree(home: string): boolean {
  return !existsSync(home) || readdirSync(home).length === 0;
}

/** The C locale of the system exists everywhere; text is compared and folded by PostgreSQL's own C.UTF-8. */
async function initialize(folder: string, bin: string, user: ServerUser, durable: boolean): Promise<void> {
  const password = join(folder, 'password');
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600, flush: durable });
  giveTo(user, folder);
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  const access = [`--username=${ROLE}`, `--pwfile=${password}`, '--auth=scram-sha-256'];
  const speed = durable ? [] : ['--no-sync', '--no-data-checksums'];
  await run(join(bin, 'initdb'), ['-D', join(folder, 'data'), '--no-instructions', ...locale, ...access, ...speed], user, 60_000);
}
