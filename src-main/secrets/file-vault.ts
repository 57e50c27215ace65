import { open } from 'node:fs/promises';
import type { MasterKeyStore } from './master-key.ts';
import { readMasterKey, renderMasterKey } from './master-key.ts';
import { VaultError } from './vault-error.ts';
import { removePrivateFile, writePrivateFile } from './write-private-file.ts';

const othersMask = 0o077;

/** The master key in a plain file of mode 0600 (`DATA_DIR/vault.key`): the last resort, and named as what it is. */
export function createFileVault({ path }: { path: string }): MasterKeyStore {
  const unreadable = (cause: unknown) => new VaultError('file_unreadable', { detail: path, cause });
  return {
    kind: 'file',
    label: 'Key file, not protected from programs running as you',
    async load() {
      const text = await readPrivateText(path);
      if (text === null) return null;
      const key = readMasterKey(text.trim());
      if (key === null) throw new VaultError('file_unreadable', { detail: `${path} holds no master key` });
      return key;
    },
    async save(key) {
      await writePrivateFile(path, `${renderMasterKey(key)}\n`).catch((cause: unknown) => {
        throw unreadable(cause);
      });
    },
    async remove() {
      await removePrivateFile(path).catch((cause: unknown) => {
        throw unreadable(cause);
      });
    },
  };
}

/** Checks the mode on the opened file, so that it cannot be swapped in between. Windows has no such modes. */
async function readPrivateText(path: string): Promise<string | null> {
  try {
    const file = await open(path, 'r');
    try {
      const { mode } = await file.stat();
      if (process.platform !== 'win32' && (mode & othersMask) !== 0) throw new VaultError('file_permissions', { detail: path });
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof VaultError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new VaultError('file_unreadable', { detail: path, cause: error });
  }
}
