import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { BodyUnpacker } from '../bodies/body-unpacker.ts';
import type { Sqlite } from '../database.ts';
import { decodeFrames } from '../journal/frames.ts';
import { JournalReader } from '../journal/journal-reader.ts';
import { describeRecord } from '../journal/records.ts';
import { type JournalPosition, journalDir, parsePosition } from '../journal/segments.ts';
import type { LedgerThreadData, LedgerThreadMethods, LedgerThreadNote, OpenedLedger } from '../ledger-messages.ts';
import { readStoreError } from '../store-error.ts';
import { type BatchApplier, createBatchApplier } from './apply-batch.ts';
import { applyRetention } from './apply-retention.ts';
import { deleteCalls } from './delete-calls.ts';
import { createDiskReserve, type DiskReserve } from './disk-reserve.ts';
import { interruptStartedCalls } from './interrupt-calls.ts';
import { createJournalCare, type JournalCare } from './journal-care.ts';
import { openTraces, openTracesFile } from './open-traces.ts';
import { createTextIndex, type TextIndex } from './text-index.ts';
import { type Work, WorkQueue } from './work-queue.ts';
import { WriterLoop } from './writer-loop.ts';

interface OpenWriter {
  opened: OpenedLedger;
  methods: Omit<LedgerThreadMethods, 'open'>;
}

/** The connection and what is prepared on it; replaced as a whole after an I/O error. */
interface Store {
  db: Sqlite;
  applier: BatchApplier;
  textIndex: TextIndex;
}

/**
 * Opens traces.db, replays the journal of the process before, and ends the calls that process left open. What the
 * writer thread does, apart from being a thread.
 * @throws StoreError when the file cannot be opened or the journal not be replayed
 */
export function openWriter(data: LedgerThreadData, tell: (note: LedgerThreadNote) => void): OpenWriter {
  const path = join(data.dataDir, 'traces.db');
  const dir = journalDir(data.dataDir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const reserve = createDiskReserve(data.dataDir);
  const care = createJournalCare(dir);
  const reader = new JournalReader(dir);

  const { db, notice } = openTraces(path, data.trust, data.now);
  const notices = notice === null ? [] : [notice];
  let isOpening = true;
  let store = prepareStore(db);
  const replayFrom = readPosition(db);
  const queue = new WorkQueue(reader, replayFrom);

  const loop = new WriterLoop({
    queue,
    care,
    applier: () => store.applier,
    reopen: () => {
      store.db.close();
      store = prepareStore(openTracesFile(path, 'normal'));
      queue.moveTo(readPosition(store.db));
    },
    checkpoint: () => checkpoint(store.db),
    doIdleWork: () => {
      if (store.textIndex.indexSlice()) return true;
      reserve.restore();
      return false;
    },
    keepRejected: (work) => keepRejected(dir, work),
    releaseReserve: () => reserve.release(),
    tell: (note) => {
      if (!isOpening) tell(note);
      else if (note.note === 'health' && note.message !== null) notices.push(note.message);
    },
  });

  let firstSegment = replayFrom.segment + 1;
  if (data.isFirst) {
    const end = reader.end();
    if (end !== null && isBefore(replayFrom, end)) replay(loop, queue, reserve, end);
    interruptStartedCalls(store.db, store.applier);
    firstSegment = Math.max(firstSegment, (end?.segment ?? 0) + 1);
    if (end !== null && checkpoint(store.db)) care.deleteBefore(firstSegment);
  }
  isOpening = false;
  const lastCallId = store.db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM calls').get()?.id ?? 0;
  return {
    opened: { lastCallId, firstSegment, notices },
    methods: createMethods({ loop, queue, care, reserve, reader, store: () => store }),
  };
}

interface MethodParts {
  loop: WriterLoop;
  queue: WorkQueue;
  care: JournalCare;
  reserve: DiskReserve;
  reader: JournalReader;
  store(): Store;
}

function createMethods({ loop, queue, care, reserve, reader, store }: MethodParts): OpenWriter['methods'] {
  const unpacker = new BodyUnpacker();
  let lastTask: Promise<unknown> = Promise.resolve();

  /** Purging has a state of its own in the piece store, so one of its kind at a time. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = lastTask.then(task);
    lastTask = result.catch((error) => loop.recover(error));
    return result;
  }

  return {
    note: (position) => loop.note(position),
    takeFrames: ({ frames, isDiskFull }) => {
      if (isDiskFull) reserve.release();
      loop.take([...decodeFrames(Buffer.from(frames.buffer, frames.byteOffset, frames.byteLength)).records]);
    },
    // They wait for the next note, which follows.
    takeBodies: (packet) => queue.addBodies(unpacker.unpack(packet)),
    flush: () => loop.drained(),
    deleteCalls: ({ ids }) =>
      inTurn(async () => {
        await loop.drained();
        const { db, applier } = store();
        await deleteCalls(db, applier.pieces, ids);
        // The journal still holds their metadata; the request loop has begun a new segment.
        if (checkpoint(db)) care.deleteBefore(queue.position.segment);
      }),
    applyRetention: ({ limits, now }) => inTurn(() => applyRetention(store().db, store().applier.pieces, limits, now)),
    close: async () => {
      const isEmpty = loop.stop();
      const { db } = store();
      if (isEmpty && checkpoint(db)) care.deleteBefore(queue.position.segment + 1);
      else care.sync();
      reader.close();
      db.close();
    },
  };
}

function prepareStore(db: Sqlite): Store {
  return { db, applier: createBatchApplier(db), textIndex: createTextIndex(db) };
}

function replay(loop: WriterLoop, queue: WorkQueue, reserve: DiskReserve, end: JournalPosition): void {
  queue.note(end);
  try {
    loop.writeAll();
  } catch (error) {
    if (readStoreError(error).code !== 'disk_full' || !reserve.release()) throw error;
    loop.writeAll();
  }
}

/** Copies the log into the file. @returns whether all of it is there, and synced */
function checkpoint(db: Sqlite): boolean {
  const [result] = db.pragma('wal_checkpoint(PASSIVE)') as { busy: number; log: number; checkpointed: number }[];
  return result !== undefined && result.busy === 0 && result.log === result.checkpointed;
}

function readPosition(db: Sqlite): JournalPosition {
  const row = db.prepare<[], { value: unknown }>("SELECT value FROM meta WHERE key = 'journal_position'").get();
  return parsePosition(row?.value);
}

function isBefore(a: JournalPosition, b: JournalPosition): boolean {
  return a.segment < b.segment || (a.segment === b.segment && a.offset < b.offset);
}

/** Best effort: the caller has already given the records up. */
function keepRejected(dir: string, work: Work): void {
  try {
    const lines = Array.from(work.records, (record) => `${JSON.stringify(describeRecord(record))}\n`);
    appendFileSync(join(dir, 'rejected.jsonl'), lines.join(''), { mode: 0o600 });
  } catch {
    // Health says that a call was lost in any case.
  }
}
