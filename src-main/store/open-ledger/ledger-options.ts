import type { writeSync } from 'node:fs';
import type { RetentionLimits } from '../ledger.ts';

export interface LedgerOptions {
  /** Must exist. */
  dataDir: string;
  /** Of ledger-thread.ts, or of what the build made of it. */
  threadUrl: URL;
  /** Epoch ms. */
  clock: () => number;
  /** Kept to once an hour; default those of the default settings; null = nothing is ever deleted. */
  limits?: RetentionLimits | null;
  /** Bytes of bodies waiting for the writer thread, default 64 MB; above it they are dropped and counted. */
  maxQueuedBytes?: number;
  /** For tests of a failing disk. */
  writeJournal?: typeof writeSync;
}
