import { readdirSync, readFileSync } from 'node:fs';

/** A process and all it started. */
export function readProcessTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readText(`/proc/${name}/stat`);
    // The name in parentheses may hold spaces.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree: number[] = [];
  const walk = (id: number): void => {
    tree.push(id);
    for (const child of children.get(id) ?? []) walk(child);
  };
  walk(pid);
  return tree;
}

/** CPU of all threads of the processes so far, microseconds. Exact to the nanosecond where the kernel keeps schedstat. */
export function readCpuUs(pids: readonly number[]): number {
  let ns = 0;
  for (const pid of pids) {
    for (const thread of readNames(`/proc/${pid}/task`)) {
      ns += Number(readText(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0] ?? 0);
    }
  }
  return ns / 1000;
}

/** Resident memory now. */
export function readRssMb(pids: readonly number[]): number {
  return readStatus(pids, 'VmRSS') / 1024;
}

/** Resident memory now; pages that several processes share count as a part of each. */
export function readPssMb(pids: readonly number[]): number {
  let kb = 0;
  for (const pid of pids) kb += Number(/^Pss:\s+(\d+)/m.exec(readText(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
  return kb / 1024;
}

/** The most that was resident since each process started. */
export function readPeakRssMb(pids: readonly number[]): number {
  return readStatus(pids, 'VmHWM') / 1024;
}

function readStatus(pids: readonly number[], field: string): number {
  let kb = 0;
  for (const pid of pids) kb += Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readText(`/proc/${pid}/status`))?.[1] ?? 0);
  return kb;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // It ended meanwhile.
    return '';
  }
}

function readNames(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
