import type { ArrivedBody } from '../bodies/body-unpacker.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { JournalPosition } from '../journal/segments.ts';
import type { LedgerThreadNote } from '../ledger-messages.ts';
import { readStoreError } from '../store-error.ts';
import type { BatchApplier } from './apply-batch.ts';
import type { JournalCare } from './journal-care.ts';
import type { Work, WorkQueue } from './work-queue.ts';
import { createWriterHealth, type WriterHealth } from './writer-health.ts';

interface WriterParts {
  queue: WorkQueue;
  care: JournalCare;
  /** Of the current connection. */
  applier(): BatchApplier;
  /** A new connection after an I/O error. @throws what opening throws */
  reopen(): void;
  /** Copies the log into the file. @returns whether all of it is there, and synced */
  checkpoint(): boolean;
  /** One slice of the work that can wait. @returns whether there is more */
  doIdleWork(): boolean;
  /** Keeps records that SQLite does not take, for a look by hand. */
  keepRejected(work: Work): void;
  /** Makes room on a full disk. */
  releaseReserve(): void;
  tell(note: LedgerThreadNote): void;
}

/** Between the last batch and the work that can wait. */
const IDLE_MS = 1_000;
/** What power loss may cost. */
const SYNC_MS = 1_000;
const RETRY_MS = { busy: 250, disk_full: 1_000, io: 1_000 };

/** Writes what waits in the queue, batch after batch, and sees to the journal between them. */
export class WriterLoop {
  readonly #parts: WriterParts;
  readonly #health: WriterHealth;
  #next: NodeJS.Immediate | null = null;
  #retry: NodeJS.Timeout | null = null;
  #idle: NodeJS.Timeout | null = null;
  #sync: NodeJS.Timeout | null = null;
  #oneByOne = false;
  #mustReopen = false;
  #stopped = false;
  #checkpointedSegment = 0;
  #waiting: (() => void)[] = [];

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#health = createWriterHealth((message) => parts.tell({ note: 'health', message }));
    this.#checkpointedSegment = parts.queue.position.segment;
  }

  /** Everything sent so far can be written. @param position how far the journal is; null = no further than before */
  note(position: JournalPosition | null): void {
    const { queue, care } = this.#parts;
    if (position !== null) {
      for (let segment = Math.max(queue.noted.segment, position.segment - 1); segment <= position.segment; segment++) care.touch(segment);
      this.#sync ??= setTimeout(() => this.#syncJournal(), SYNC_MS);
    }
    queue.note(position ?? queue.noted);
    this.wake();
  }

  /** Records that could not be written to the journal. */
  take(records: readonly JournalRecord[]): void {
    const lost = this.#parts.queue.addDirect(records);
    if (lost > 0) {
      this.#health.add('For so long nothing could be written that some of the newest calls are lost.');
      this.#parts.tell({ note: 'progress', records: lost, bodies: 0, bodyBytes: 0, droppedBodies: 0 });
    }
    this.wake();
  }

  /** To be called when something was added to the queue. */
  wake(): void {
    if (this.#stopped || this.#next !== null || this.#retry !== null) return;
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#next = setImmediate(() => this.#step());
  }

  /** Resolves when the queue was empty. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.wake();
    });
  }

  /** Writes what it can at once and ends. @returns whether nothing is left */
  stop(): boolean {
    this.#stopped = true;
    for (const timer of [this.#retry, this.#idle, this.#sync]) if (timer !== null) clearTimeout(timer);
    if (this.#next !== null) clearImmediate(this.#next);
    try {
      this.writeAll();
      return true;
    } catch {
      // What could not be written is in the journal, for the next start.
      return false;
    }
  }

  /** Writes until the queue is empty. @throws what SQLite and the file system throw */
  writeAll(): void {
    for (let work = this.#nextWork(); work !== null; work = this.#nextWork()) this.#writeOrReject(work);
    this.#oneByOne = false;
  }

  /** Says what is wrong, does what can be done about it, and tries again. */
  recover(error: unknown): void {
    if (this.#stopped) return;
    const { code, message } = readStoreError(error);
    if (code === 'corrupt') {
      this.#stopped = true;
      this.#parts.tell({ note: 'corrupt' });
      return;
    }
    this.#health.report(code, message);
    if (code === 'disk_full') {
      this.#dropBodies();
      this.#parts.releaseReserve();
    }
    // After a failed write or sync nobody knows what the connection's caches are worth.
    if (code === 'io') this.#mustReopen = true;
    this.#retryAfter(code === 'busy' || code === 'disk_full' ? RETRY_MS[code] : RETRY_MS.io);
  }

  #step(): void {
    this.#next = null;
    try {
      const work = this.#nextWork();
      if (work === null) {
        this.#rest();
      } else {
        this.#writeOrReject(work);
        this.wake();
      }
    } catch (error) {
      this.recover(error);
    }
  }

  #nextWork(): Work | null {
    if (this.#mustReopen) this.#parts.reopen();
    this.#mustReopen = false;
    return this.#parts.queue.next(this.#oneByOne);
  }

  #writeOrReject(work: Work): void {
    try {
      this.#write(work);
    } catch (error) {
      if (readStoreError(error).code !== 'internal') throw error;
      // Our own mistake, or a record nobody foresaw: the others must not wait for it.
      if (this.#oneByOne) this.#reject(work, error);
      this.#oneByOne = true;
    }
  }

  #write(work: Work): void {
    this.#parts.applier().apply(work);
    this.#settle(work, 0);
    this.#health.resolve();
    if (work.unreadableBytes > 0) this.#health.add(renderTorn(work.unreadableBytes));
    if (work.position.segment > this.#checkpointedSegment) this.#checkpoint();
  }

  #reject(work: Work, error: unknown): void {
    this.#parts.keepRejected(work);
    this.#settle(work, work.bodies.length);
    this.#health.add(`A call could not be stored (${readStoreError(error).message}); it is kept in journal/rejected.jsonl.`);
  }

  #settle(work: Work, droppedBodies: number): void {
    const { queue, tell } = this.#parts;
    queue.done(work);
    const bodyBytes = releaseAll(work.bodies);
    tell({ note: 'progress', records: work.records.length, bodies: work.bodies.length, bodyBytes, droppedBodies });
  }

  #retryAfter(ms: number): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = null;
      this.wake();
    }, ms);
  }

  /** Metadata is worth more than bodies: on a full disk they make room. */
  #dropBodies(): void {
    const dropped = this.#parts.queue.dropBodies();
    if (dropped.length === 0) return;
    const bodyBytes = releaseAll(dropped);
    this.#parts.tell({ note: 'progress', records: 0, bodies: dropped.length, bodyBytes, droppedBodies: dropped.length });
  }

  #rest(): void {
    this.#oneByOne = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#idle = setTimeout(() => {
      this.#checkpoint();
      this.#work();
    }, IDLE_MS);
  }

  #work(): void {
    this.#idle = null;
    try {
      if (this.#parts.doIdleWork()) this.#idle = setTimeout(() => this.#work(), 0);
    } catch (error) {
      this.recover(error);
    }
  }

  /** Segments go only when a power cut cannot take their calls out of the database again. */
  #checkpoint(): void {
    const { segment } = this.#parts.queue.position;
    try {
      if (!this.#parts.checkpoint()) return;
      this.#checkpointedSegment = segment;
      this.#parts.care.deleteBefore(segment);
    } catch (error) {
      this.#health.report(readStoreError(error).code, readStoreError(error).message);
    }
  }

  #syncJournal(): void {
    this.#sync = null;
    try {
      this.#parts.care.sync();
    } catch (error) {
      this.#health.report('io', readStoreError(error).message);
      this.#sync = setTimeout(() => this.#syncJournal(), SYNC_MS);
    }
  }
}

/** @returns how many bytes they had */
function releaseAll(bodies: readonly ArrivedBody[]): number {
  let bytes = 0;
  for (const body of bodies) {
    bytes += body.length;
    body.release();
  }
  return bytes;
}

function renderTorn(bytes: number): string {
  return `${bytes} bytes of the journal could not be read: calls that were being recorded when the machine lost power, or damage.`;
}
