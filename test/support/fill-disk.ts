import { closeSync, openSync, writeSync } from 'node:fs';

/** Writes a file until its disk has no room for another 512 bytes. For small disks mounted for the purpose. */
export function fillDisk(path: string): void {
  const fd = openSync(path, 'w');
  for (let size = 1 << 20; size >= 512; size >>= 1) {
    try {
      for (;;) writeSync(fd, Buffer.alloc(size));
    } catch {
      // Full for this size; smaller pieces may still fit.
    }
  }
  closeSync(fd);
}
