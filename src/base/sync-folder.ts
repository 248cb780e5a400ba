// Makes names in a folder survive a loss of power.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Resolves when names in the folder are on disk. Windows cannot do this, NTFS orders changes in its journal. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  await handle.sync().catch((error: NodeJS.ErrnoException) => {
    // Some network file systems cannot sync a folder.
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(error.code ?? '')) throw error;
  });
}
