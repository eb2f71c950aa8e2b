import { getSystemErrorMap, types } from 'node:util';
import { StorageRejectedError } from '../../asset-storage.js';

/** Whether the operating system refused with one of `codes`. */
export function hasCode(error: unknown, ...codes: string[]): boolean {
  return types.isNativeError(error) && 'code' in error && codes.includes(String(error.code));
}

/** What `found` resolves with; null when there is no such file or folder. */
export async function ifThere<T>(found: Promise<T>): Promise<T | null> {
  try {
    return await found;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** What the system says names paths of this machine; this says the same without them. Other errors stay as they are. */
export function withoutPaths(error: unknown): unknown {
  if (!types.isNativeError(error) || !('errno' in error)) return error;
  if (hasCode(error, 'ENAMETOOLONG')) return new StorageRejectedError('This public id is too long for the file system under DATA_DIR.');
  const [code, meaning] = getSystemErrorMap().get(Number(error.errno)) ?? ['EIO', 'unknown fault'];
  return new Error(`The disk under DATA_DIR cannot do this now: ${meaning} (${code}).`);
}
