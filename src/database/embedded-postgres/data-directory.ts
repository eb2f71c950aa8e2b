import { accessSync, chmodSync, constants, mkdirSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataDirectoryError, explain } from './data-directory-error.js';

/** Makes `dataDir` unless it is there and returns its real, absolute path. Throws `DataDirectoryError` if we cannot write there. */
export function openDataDirectory(dataDir: string): string {
  try {
    makeFolder(dataDir);
    accessSync(dataDir, constants.W_OK | constants.X_OK);
    return realpathSync(dataDir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new DataDirectoryError(`${dataDir} is a file or lies below one; set DATA_DIR to a folder`, { cause: error });
    if (code === 'ENOENT')
      throw new DataDirectoryError(`${dataDir} cannot be made there; set DATA_DIR to another folder`, { cause: error });
    throw explain(dataDir, error);
  }
}

/** With Node's `recursive` this never ends where the system denies that an existing folder can have children: `/proc`, or a deleted working directory. */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
    // Root's umask may be strict; PostgreSQL, which then runs as somebody else, must be able to pass.
    if (process.geteuid?.() === 0) chmodSync(folder, statSync(folder).mode | 0o011);
  } catch (error) {
    if (!isFolder(folder)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
