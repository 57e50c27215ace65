import type { Ledger } from './ledger.ts';
import { JournaledLedger } from './open-ledger/journaled-ledger.ts';
import type { LedgerOptions } from './open-ledger/ledger-options.ts';
import { startWriterThread } from './open-ledger/writer-thread.ts';

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
