import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Of 40 steps; 10 are a tenth of the share of a busy core. */
const STEPS = 10;
const LOWEST = 19;

/**
 * Lets the other threads of the process go first where a core is contended: a stream must not wait for bookkeeping. Linux
 * keeps a priority for each thread; elsewhere nothing happens, and schedulers there look after short sleepers themselves.
 */
export function lowerThreadPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, Math.min(LOWEST, getPriority(thread) + STEPS));
  } catch {
    // A sandbox without /proc, or one that forbids it: it was only a kindness.
  }
}
