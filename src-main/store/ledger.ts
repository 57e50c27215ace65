import type { Settings } from '../contract/entities.ts';
import type { CallEnd, CallStart } from '../domain/call.ts';

/**
 * Where the proxy writes its calls. What has been recorded is in the journal file (page cache) before the
 * caller is shown anything of it, so a killed process loses nothing; nobody waits for SQLite, which a writer thread fills from the journal.
 * They never throw: a full disk or a broken journal makes `health` degraded and the call goes on.
 */
export interface Ledger {
  /** Before anything is sent upstream. In the file with the end of this turn of the event loop. */
  recordStart(start: CallStart): void;
  /** Before the last byte is relayed. In the file with the end of this turn of the event loop, or `writeNow`. */
  recordEnd(end: CallEnd): void;
  /** Resolves at the end of this turn of the event loop, when all records of it are in the file: one write for all calls of a turn. */
  written(): Promise<void>;
  /** Everything recorded so far is in the file when it returns. */
  writeNow(): void;
  /** Bodies follow in batches; under pressure they are dropped before any metadata is, and counted. */
  recordBodies(id: number, bodies: RecordedBodies): void;
  readonly health: LedgerHealth;
  /** Resolves when everything recorded so far is committed to SQLite. */
  flush(): Promise<void>;
  /**
   * Removes calls with everything that is stored of them, and overwrites it in the file. The sums by hour stay: they
   * say what was spent, not on what. @throws StoreError
   */
  deleteCalls(ids: readonly number[]): Promise<void>;
  /** Deletes what is older or more than the limits allow, and keeps to them from now on. @throws StoreError */
  applyRetention(limits: RetentionLimits): Promise<RetentionReport>;
  close(): Promise<void>;
}

export interface RecordedBodies {
  /** The caller's bytes and the bytes it got; null = not recorded. The buffers must not be used afterwards: big ones are given away. */
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

/** How long what is kept. Bodies go first, oldest first; sums by hour stay for good. `bodiesMaxBytes` is the size of traces.db with its log. */
export type RetentionLimits = Pick<Settings, 'bodiesMaxAgeDays' | 'bodiesMaxBytes' | 'metadataMaxAgeDays'>;

export interface RetentionReport {
  /** Not applied: the clock is far ahead of the newest call, which may be its mistake. Epoch ms; null when applied. */
  heldUntil: number | null;
  deletedBodies: number;
  deletedCalls: number;
  /** Size of traces.db with its write-ahead log afterwards. */
  bytes: number;
}
