import type { CallEnd, CallStart } from '../domain/call.ts';

/**
 * Where the proxy writes its calls. Both methods return after the record is in the journal file (page cache), so a
 * killed process loses nothing it has shown; neither waits for SQLite, which a writer thread fills from the journal.
 * They never throw: a full disk or a broken journal makes `health` degraded and the call goes on.
 */
export interface Ledger {
  /** Before anything is sent upstream. May be held until the end of the current turn of the event loop, or `recordEnd`. */
  recordStart(start: CallStart): void;
  /** Before the last byte is relayed. On disk when it returns. */
  recordEnd(end: CallEnd): void;
  /** Bodies follow in batches; under pressure they are dropped before any metadata is, and counted. */
  recordBodies(id: number, bodies: RecordedBodies): void;
  readonly health: LedgerHealth;
  /** Resolves when everything recorded so far is committed to SQLite. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RecordedBodies {
  /** The caller's bytes and the bytes it got; null = not recorded. */
  request: Buffer | null;
  response: readonly Buffer[] | null;
  /** The provider's side, where it differed (translated calls). */
  upstreamRequest?: Buffer | null;
  upstreamResponse?: readonly Buffer[] | null;
}

export interface LedgerHealth {
  state: 'ok' | 'degraded';
  /** Says what is wrong and what to do; null when ok. */
  message: string | null;
  /** Bodies dropped since start because the queue or the disk was full. */
  droppedBodies: number;
  /** Records not yet committed to SQLite. */
  pendingRecords: number;
}
