import type { BodyPacket } from './bodies/body-packets.ts';
import type { JournalPosition } from './journal/segments.ts';
import type { RetentionLimits, RetentionReport } from './ledger.ts';

/** `workerData` of the ledger's writer thread. */
export interface LedgerThreadData {
  dataDir: string;
  /** First thread of this process: whatever was running before is over, and its calls are interrupted. */
  isFirst: boolean;
  /** `check`: the thread before this one found damage, look at the whole file. `replace`: it was found again; put the file aside. */
  trust: 'normal' | 'check' | 'replace';
  /** Epoch ms. */
  now: number;
}

export interface OpenedLedger {
  /** 0 when there is no call. */
  lastCallId: number;
  /** For the journal of this process. */
  firstSegment: number;
  /** What the user should be told once: a damaged file that was put aside, bytes that could not be read. */
  notices: string[];
}

/** What the request loop's side asks of the writer thread. */
export type LedgerThreadMethods = {
  /** Answers when the journal of the previous process has been replayed. */
  open(params: null): OpenedLedger;
  /** Everything sent so far can be written. How far the journal is; null = no further than before. */
  note(position: JournalPosition | null): void;
  /** Frames that could not be written to the journal. */
  takeFrames(params: { frames: Uint8Array; isDiskFull: boolean }): void;
  takeBodies(packet: BodyPacket): void;
  /** Answers when everything taken so far is committed. */
  flush(params: null): Promise<void>;
  deleteCalls(params: { ids: number[] }): Promise<void>;
  applyRetention(params: { limits: RetentionLimits; now: number }): Promise<RetentionReport>;
  close(params: null): Promise<void>;
};

/** What the writer thread says without being asked. */
export type LedgerThreadNote =
  | { note: 'progress'; records: number; bodies: number; bodyBytes: number; droppedBodies: number }
  | { note: 'health'; message: string | null }
  /** The file is damaged: the thread ends and wants to be started again as suspect. */
  | { note: 'corrupt' };

export function isLedgerThreadNote(message: unknown): message is LedgerThreadNote {
  return typeof message === 'object' && message !== null && 'note' in message;
}
