import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 5;

/** The longest time the event loop of this process did not turn, in ms. */
export function watchStall(): { end(): number } {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  return {
    end() {
      delay.disable();
      return Math.max(0, delay.max / 1e6 - resolutionMs);
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
