import { closeSync, existsSync, fdatasyncSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { listSegments, segmentPath } from '../journal/segments.ts';

/** Makes the journal safe from power loss, and deletes what SQLite durably holds. */
export interface JournalCare {
  /** The segment has new bytes. */
  touch(segment: number): void;
  readonly isDirty: boolean;
  /** Syncs the touched segments and the folder. @throws the file system's errors; the segments then stay touched */
  sync(): void;
  /** Deletes all segments before this one. */
  deleteBefore(segment: number): void;
}

export function createJournalCare(dir: string): JournalCare {
  const touched = new Set<number>();
  let lastSynced = 0;
  return {
    touch: (segment) => void touched.add(segment),
    get isDirty() {
      return touched.size > 0;
    },
    sync: () => {
      for (const segment of touched) {
        const path = segmentPath(dir, segment);
        // Deleted meanwhile, or not begun yet.
        if (existsSync(path)) syncFile(path);
        // A new file survives only if its name in the folder does.
        if (segment > lastSynced) syncFolder(dir);
        lastSynced = Math.max(lastSynced, segment);
        touched.delete(segment);
      }
    },
    deleteBefore: (segment) => {
      for (const old of listSegments(dir)) {
        if (old >= segment) return;
        rmSync(segmentPath(dir, old), { force: true });
        touched.delete(old);
      }
    },
  };
}

function syncFile(path: string): void {
  const fd = openSync(path, 'r+');
  try {
    fdatasyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function syncFolder(dir: string): void {
  // Windows has no handles on folders to sync; NTFS journals names itself.
  if (process.platform === 'win32') return;
  const fd = openSync(dir, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
