import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Which process listens on a loopback port, as "pid 123 (name)": Linux only, and only for processes of the same user.
 * null when that cannot be told.
 */
export function findPortOwner(port: number): string | null {
  try {
    const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listListeners(table, port)));
    if (inodes.size === 0) return null;
    const pid = readdirSync('/proc').find((entry) => /^\d+$/.test(entry) && ownsOneOf(entry, inodes));
    return pid === undefined ? null : `pid ${pid} (${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()})`;
  } catch {
    // No /proc, or the process has just ended: only a hint is lost.
    return null;
  }
}

/** Columns of /proc/net/tcp: sl, local_address (hex), rem_address, st (0A = listening), …, inode at 9. */
function listListeners(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(suffix) && columns[3] === '0A')
    .map((columns) => columns[9] ?? '');
}

function ownsOneOf(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode !== undefined && inodes.has(inode);
    });
  } catch {
    // Another user's process, or one that has ended.
    return false;
  }
}
