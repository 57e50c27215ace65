import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 5;

/** How long the event loop of this process did not turn, at worst. */
export interface Stall {
  /** By the clock: what a caller waits. A machine with more to do than it has processors adds to it. */
  ms: number;
  /** What this thread itself worked between two turns: the same on a loaded machine, and blind to waiting for a disk. */
  busyMs: number;
}

export function watchStall(): { end(): Stall } {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let turn = process.threadCpuUsage();
  let busyMs = 0;
  const look = (): void => {
    const spent = process.threadCpuUsage(turn);
    turn = process.threadCpuUsage();
    busyMs = Math.max(busyMs, (spent.user + spent.system) / 1e3);
  };
  const timer = setInterval(look, resolutionMs);
  return {
    end() {
      look();
      clearInterval(timer);
      delay.disable();
      return { ms: Math.max(0, delay.max / 1e6 - resolutionMs), busyMs };
    },
  };
}

/** The most memory this process had resident, in bytes above what it has now. */
export function watchRss(): { end(): number } {
  const before = process.memoryUsage.rss();
  let worst = before;
  const timer = setInterval(() => {
    worst = Math.max(worst, process.memoryUsage.rss());
  }, 5);
  return {
    end() {
      clearInterval(timer);
      return worst - before;
    },
  };
}
