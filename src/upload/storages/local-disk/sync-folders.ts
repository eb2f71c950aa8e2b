import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from './disk-error.js';

/** How systems say that a folder cannot be synced at all: Windows, some network and user-space file systems. */
const NO_FOLDER_SYNC = ['EINVAL', 'EBADF', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/** Makes the name of the file `path` survive a power cut, and those of the folders that it lies in, up to and with what `top` holds. */
export async function syncFolders(path: string, top: string): Promise<void> {
  let folder = path;
  while (folder !== top) {
    folder = dirname(folder);
    await syncFolder(folder);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!hasCode(error, ...NO_FOLDER_SYNC)) throw error;
  } finally {
    await folder.close();
  }
}
