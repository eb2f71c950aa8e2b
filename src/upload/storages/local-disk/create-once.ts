import { link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AssetFolder } from './asset-folder.js';
import { hasCode, ifThere } from './disk-error.js';
import { isPictureFormat, PictureFormat } from '../../picture-format.js';
import { removeLeftOver } from './sweep.js';

/** How file systems refuse hard links: FAT, some network and user-space ones. */
const NO_HARD_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * Puts a whole file, synced to the disk, at `<publicId>.<format>` unless a picture of that id is there in any format; then that one stays.
 *
 * Two formats are two file names, so the name of the file cannot settle a race; a folder can. The bytes are written into a new folder, which is then
 * renamed to the claim of this id; that fails as long as another's bytes are in the claim. Whoever comes second finishes the work of the first,
 * so a process that dies halfway holds nobody up (without hard links: not for long). The claim goes when the picture is there.
 */
export async function createOnce(folder: AssetFolder, publicId: string, picture: Picture, signal: AbortSignal): Promise<void> {
  const temporary = await folder.temporary();
  const claim = await folder.claim(publicId);
  try {
    await mkdir(temporary, { recursive: true });
    await writeFile(join(temporary, picture.format), picture.bytes, { flag: 'wx', flush: true, signal });
    await removeLeftOver(claim);
    signal.throwIfAborted();
    await publish(folder, publicId, { path: claim, ours: await take(claim, temporary) });
    await discard(claim);
  } finally {
    await discard(temporary);
  }
}

interface Picture {
  bytes: Buffer;
  format: PictureFormat;
}

/** Whether the claim is ours now. Windows says EPERM where others say that the folder is not empty. */
async function take(claim: string, temporary: string): Promise<boolean> {
  try {
    await rename(temporary, claim);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'EPERM')) return false;
    throw error;
  }
}

/** The claim is read before the look for a picture: one that was taken when the picture was there already never gets a second one published. */
async function publish(folder: AssetFolder, publicId: string, claim: { path: string; ours: boolean }): Promise<void> {
  const format = await claimedFormat(claim.path);
  if (!format || (await folder.find(publicId))) return;
  const from = join(claim.path, format);
  const to = await folder.picture(publicId, format);
  await mkdir(dirname(to), { recursive: true });
  try {
    await link(from, to);
  } catch (error) {
    // Another was faster, and may have discarded the claim since.
    if (hasCode(error, 'EEXIST', 'ENOENT')) return;
    if (!claim.ours || !hasCode(error, ...NO_HARD_LINKS)) throw error;
    // A rename would replace a file, but while the claim is ours no other process makes one.
    await rename(from, to);
  }
}

async function claimedFormat(claim: string): Promise<PictureFormat | undefined> {
  return (await ifThere(readdir(claim)))?.find(isPictureFormat);
}

/** What cannot be removed, because another is just moving something there, does no harm and is swept later. */
async function discard(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
