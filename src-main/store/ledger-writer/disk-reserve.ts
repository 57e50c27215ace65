import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, renameSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A file that only takes up room. On a full disk SQLite can neither insert nor delete nor checkpoint, so the reserve is
 * given back first, and what it frees lets purging work.
 */
export interface DiskReserve {
  /** Makes the file if it is missing and the disk has plenty of room. @returns whether it is there */
  restore(): boolean;
  /** Gives the room back. @returns whether there was any */
  release(): boolean;
}

const RESERVE_BYTES = 32 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

export function createDiskReserve(dataDir: string, reserveBytes = RESERVE_BYTES): DiskReserve {
  const path = join(dataDir, 'disk-reserve');
  const partial = `${path}.partial`;
  return {
    restore: () => {
      if (existsSync(path)) return true;
      try {
        const { bavail, bsize } = statfsSync(dataDir);
        if (bavail * bsize < reserveBytes * 3) return false;
        writeFiller(partial, reserveBytes);
        renameSync(partial, path);
        return true;
      } catch {
        rmSync(partial, { force: true });
        return false;
      }
    },
    release: () => {
      rmSync(partial, { force: true });
      if (!existsSync(path)) return false;
      rmSync(path, { force: true });
      return true;
    },
  };
}

/** Random bytes: a compressing file system would give zeros no room. */
function writeFiller(path: string, bytes: number): void {
  const chunk = randomBytes(Math.min(CHUNK_BYTES, bytes));
  const fd = openSync(path, 'w', 0o600);
  try {
    for (let written = 0; written < bytes; ) written += writeSync(fd, chunk);
  } finally {
    closeSync(fd);
  }
}
