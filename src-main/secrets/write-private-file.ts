import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Replaces a file that only its owner may read (mode 0600): killed or cut off at any time, the old or the new content is
 * there, never a part. The name beside it is fixed, so that what a crash leaves behind is cleared by the next write.
 */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  await syncDirectory(dirname(path));
}

/** Removes the file and what a crash may have left beside it; a missing file is no error. */
export async function removePrivateFile(path: string): Promise<void> {
  await rm(`${path}.new`, { force: true });
  await rm(path, { force: true });
  await syncDirectory(dirname(path));
}

/** Makes a rename or removal durable. Windows cannot open a directory and needs no such call. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
