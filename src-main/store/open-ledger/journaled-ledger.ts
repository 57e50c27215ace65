import { defaultSettings } from '../../contract/entities.ts';
import type { CallEnd, CallStart } from '../../domain/call.ts';
import { type Journal, openJournal } from '../journal/open-journal.ts';
import { journalDir } from '../journal/segments.ts';
import type { Ledger, LedgerHealth, RecordedBodies, RetentionLimits, RetentionReport } from '../ledger.ts';
import type { LedgerThreadNote, OpenedLedger } from '../ledger-messages.ts';
import { type BodySender, createBodySender } from './body-sender.ts';
import type { LedgerOptions } from './ledger-options.ts';
import type { WriterThread } from './writer-thread.ts';

const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
/** The thread hears of new records at most this late, or when there are this many. */
const NOTE_MS = 50;
const NOTE_RECORDS = 1_200;
const FIRST_RETENTION_MS = 60_000;
const RETENTION_MS = 3_600_000;

/** The request loop's side of the ledger: writes the journal, tells the writer thread how far it is, sends it bodies. */
export class JournaledLedger implements Ledger {
  readonly #thread: WriterThread;
  readonly #clock: () => number;
  readonly #bodies: BodySender;
  readonly #journal: Journal;
  /** What happened since the start: what opening had to say has been told by `openLedger`. */
  readonly #notices: string[] = [];
  #limits: RetentionLimits | null;
  #noteTimer: NodeJS.Timeout | null = null;
  #retentionTimer: NodeJS.Timeout | null = null;
  #pendingRecords = 0;
  #unnotedRecords = 0;
  #hasUnnotedBodies = false;
  #threadMessage: string | null = null;

  constructor(options: LedgerOptions, thread: WriterThread) {
    this.#thread = thread;
    this.#clock = options.clock;
    this.#limits = options.limits === undefined ? defaultSettings : options.limits;
    this.#journal = openJournal({
      dir: journalDir(options.dataDir),
      firstSegment: thread.opened.firstSegment,
      onWritten: (records) => this.#onWritten(records),
      onUnwritten: (frames, records) => this.#onUnwritten(frames, records),
      ...(options.writeJournal === undefined ? {} : { write: options.writeJournal }),
    });
    this.#bodies = createBodySender({
      maxBytes: options.maxQueuedBytes ?? MAX_QUEUED_BYTES,
      send: (packet, transfer) => {
        thread.tell('takeBodies', packet, transfer);
        this.#hasUnnotedBodies = true;
        this.#planNote();
      },
      onWaiting: () => this.#planNote(),
      onBigSent: () => this.#noteNow(),
    });
    this.#planRetention(FIRST_RETENTION_MS);
  }

  get health(): LedgerHealth {
    const { failure } = this.#journal;
    const messages = [
      failure === null
        ? null
        : `The journal of calls cannot be written (${failure}). Calls go on; they are lost if Tollgate ends before it works again.`,
      this.#thread.failure === null
        ? null
        : `Nothing is written to traces.db at the moment: ${this.#thread.failure}. Calls are kept in the journal.`,
      this.#threadMessage,
      ...this.#notices,
    ].filter((message) => message !== null);
    return {
      state: messages.length === 0 ? 'ok' : 'degraded',
      message: messages.length === 0 ? null : messages.join(' '),
      droppedBodies: this.#bodies.droppedBodies,
      pendingRecords: this.#pendingRecords,
    };
  }

  recordStart(start: CallStart): void {
    this.#journal.appendStart(start);
  }

  recordEnd(end: CallEnd): void {
    this.#journal.appendEnd(end);
  }

  written(): Promise<void> {
    return this.#journal.written();
  }

  writeNow(): void {
    this.#journal.flush();
  }

  recordBodies(id: number, bodies: RecordedBodies): void {
    this.#bodies.add(id, bodies);
  }

  async flush(): Promise<void> {
    this.#handOver();
    await this.#thread.call('flush', null);
  }

  async deleteCalls(ids: readonly number[]): Promise<void> {
    this.#handOver();
    // The segment that holds them must not be the one that is written to, or it could not be deleted.
    this.#journal.rotate();
    this.#thread.tell('note', this.#journal.position);
    await this.#thread.call('deleteCalls', { ids: [...ids] });
  }

  async applyRetention(limits: RetentionLimits): Promise<RetentionReport> {
    this.#limits = limits;
    const { bodiesMaxAgeDays, bodiesMaxBytes, metadataMaxAgeDays } = limits;
    return await this.#thread.call('applyRetention', {
      limits: { bodiesMaxAgeDays, bodiesMaxBytes, metadataMaxAgeDays },
      now: this.#clock(),
    });
  }

  async close(): Promise<void> {
    if (this.#retentionTimer !== null) clearTimeout(this.#retentionTimer);
    this.#handOver();
    this.#journal.close();
    // A thread that cannot close leaves the journal, from which the next start goes on.
    await this.#thread.call('close', null).catch(() => undefined);
    await this.#thread.stop();
    if (this.#noteTimer !== null) clearTimeout(this.#noteTimer);
  }

  takeNote(note: LedgerThreadNote): void {
    if (note.note === 'health') this.#threadMessage = note.message;
    if (note.note !== 'progress') return;
    this.#pendingRecords -= note.records;
    this.#bodies.settle(note);
  }

  takeReplacement(opened: OpenedLedger): void {
    this.#threadMessage = null;
    this.#notices.push(...opened.notices);
    this.#bodies.loseSent();
    this.#unnotedRecords = 0;
    this.#hasUnnotedBodies = false;
    this.#thread.tell('note', this.#journal.position);
  }

  #onWritten(records: number): void {
    this.#pendingRecords += records;
    this.#unnotedRecords += records;
    this.#planNote();
    if (this.#unnotedRecords >= NOTE_RECORDS) this.#sendAndNote();
  }

  #onUnwritten(frames: Uint8Array<ArrayBuffer>, records: number): void {
    this.#pendingRecords += records;
    this.#note();
    this.#thread.tell('takeFrames', { frames, isDiskFull: /ENOSPC|EDQUOT/.test(this.#journal.failure ?? '') }, [frames.buffer]);
  }

  #planNote(): void {
    this.#noteTimer ??= setTimeout(() => {
      this.#sendAndNote();
      this.#noteTimer = null;
    }, NOTE_MS);
  }

  #sendAndNote(): void {
    this.#bodies.sendSome();
    this.#note();
  }

  /** The thread writes what it has been sent so far. */
  #note(): void {
    if (this.#unnotedRecords === 0 && !this.#hasUnnotedBodies) return;
    // Nothing new in the journal: it may not even be there.
    const position = this.#unnotedRecords === 0 ? null : this.#journal.position;
    this.#unnotedRecords = 0;
    this.#hasUnnotedBodies = false;
    this.#thread.tell('note', position);
  }

  /** What the next big request gets instead of memory that is still waited for has to be made page by page. */
  #noteNow(): void {
    this.#journal.flush();
    this.#note();
  }

  /** Everything recorded so far is on its way to the thread. */
  #handOver(): void {
    this.#journal.flush();
    this.#bodies.flush();
    this.#note();
  }

  #planRetention(delayMs: number): void {
    this.#retentionTimer = setTimeout(async () => {
      const limits = this.#limits;
      // What fails shows in the thread's health; the next try is in an hour.
      if (limits !== null) await this.applyRetention(limits).catch(() => undefined);
      this.#planRetention(RETENTION_MS);
    }, delayMs);
    this.#retentionTimer.unref();
  }
}
