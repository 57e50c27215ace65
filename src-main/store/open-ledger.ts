import type { writeSync } from 'node:fs';
import type { Ledger, RetentionLimits } from './ledger.ts';
import { JournaledLedger } from './open-ledger/journaled-ledger.ts';
import { startWriterThread } from './open-ledger/writer-thread.ts';

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

export interface OpenLedger {
  ledger: Ledger;
  /** The greatest call id in use, from which `createCallIds` goes on; 0 when there is none. */
  lastCallId: number;
  /** What the user should be told once. */
  notices: readonly string[];
}

/**
 * Opens the ledger: brings what the last run left in its journal into traces.db, ends that run's open calls as
 * interrupted, and starts a new journal.
 * @throws StoreError when traces.db cannot be opened (`newer_schema`, `busy`, `disk_full`, `io`)
 */
export async function openLedger(options: LedgerOptions): Promise<OpenLedger> {
  const { dataDir, threadUrl, clock } = options;
  let ledger: JournaledLedger | null = null;
  const thread = await startWriterThread({
    dataDir,
    threadUrl,
    clock,
    onNote: (note) => ledger?.takeNote(note),
    onReplaced: (opened) => ledger?.takeReplacement(opened),
  });
  ledger = new JournaledLedger(options, thread);
  return { ledger, lastCallId: thread.opened.lastCallId, notices: thread.opened.notices };
}
