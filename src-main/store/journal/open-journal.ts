import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import type { CallEnd, CallStart } from '../../domain/call.ts';
import { type FrameType, frameRoom, frameTypes, writeFrame } from './frames.ts';
import { type RenderedRecord, renderEnd, renderStart } from './records.ts';
import { type JournalPosition, SEGMENT_BYTES, segmentPath } from './segments.ts';

/**
 * The ledger's append-only log, written by the request loop. A record is safe from a crash of the process as soon as it
 * is written (page cache), and from power loss when the writer thread has synced it.
 */
export interface Journal {
  /** Written at the end of the current turn of the event loop. */
  appendStart(start: CallStart): void;
  /** Written at the end of the current turn of the event loop. */
  appendEnd(end: CallEnd): void;
  /** Resolves at the end of the current turn of the event loop, when what was appended in it is in the file. */
  written(): Promise<void>;
  /** Writes what is held back, at once. */
  flush(): void;
  /** Closes the current segment and begins the next, so that the old one can be deleted once applied. */
  rotate(): void;
  /** Everything before it is in the file. */
  readonly position: JournalPosition;
  /** Why records cannot be written at the moment; null while they can. */
  readonly failure: string | null;
  close(): void;
}

interface JournalOptions {
  dir: string;
  /** Number of the first segment to write; must not exist yet. */
  firstSegment: number;
  /** Told after every flush how many records became part of the file. */
  onWritten(records: number): void;
  /** Gets the frames that could not be written: they are not in the file. The buffer is the receiver's. */
  onUnwritten(frames: Uint8Array<ArrayBuffer>, records: number): void;
  /** For tests of a failing disk. */
  write?: typeof writeSync;
}

const BUFFER_BYTES = 64 * 1024;

/** Makes the folder if need be. Never throws, nor does any method: trouble shows in `failure` and `onUnwritten`. */
export function openJournal(options: JournalOptions): Journal {
  return new SegmentedJournal(options);
}

class SegmentedJournal implements Journal {
  readonly #options: JournalOptions;
  readonly #write: typeof writeSync;
  #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #heldBytes = 0;
  #heldRecords = 0;
  /** Of this turn of the event loop; null before something is appended in it. */
  #turn: Promise<void> | null = null;
  /** Ids of the price rows that stand in this segment: what comes later names them only. */
  readonly #priceRows = new Set<string>();
  #fd: number | null = null;
  #segment: number;
  #offset = 0;
  failure: string | null = null;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#write = options.write ?? writeSync;
    this.#segment = options.firstSegment - 1;
  }

  get position(): JournalPosition {
    return this.#fd === null ? { segment: this.#segment + 1, offset: 0 } : { segment: this.#segment, offset: this.#offset };
  }

  appendStart(start: CallStart): void {
    this.#append(frameTypes.start, renderStart(start));
  }

  appendEnd(end: CallEnd): void {
    this.#append(frameTypes.end, renderEnd(end, this.#isNewPriceRow(end)));
  }

  written(): Promise<void> {
    this.#turn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#turn = null;
        this.flush();
        resolve();
      });
    });
    return this.#turn;
  }

  flush(): void {
    if (this.#heldBytes === 0) return;
    const bytes = this.#buffer.subarray(0, this.#heldBytes);
    const records = this.#heldRecords;
    this.#heldBytes = 0;
    this.#heldRecords = 0;
    if (this.#writeAll(bytes)) this.#options.onWritten(records);
    else {
      this.#priceRows.clear();
      this.#options.onUnwritten(new Uint8Array(bytes), records);
    }
  }

  rotate(): void {
    this.flush();
    this.#closeSegment();
  }

  close(): void {
    this.flush();
    this.#closeSegment();
  }

  /** A price row is longer than all the rest and the same for thousands of calls: spelt out once a segment, named from then on. */
  #isNewPriceRow({ priceRow }: CallEnd): boolean {
    if (priceRow === null || this.#priceRows.has(priceRow.id)) return false;
    this.#priceRows.add(priceRow.id);
    return true;
  }

  #append(type: FrameType, record: RenderedRecord): void {
    const room = frameRoom(record);
    if (this.#heldBytes + room > this.#buffer.length) this.flush();
    if (room > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(room);
    this.#heldBytes = writeFrame(this.#buffer, this.#heldBytes, type, record);
    this.#heldRecords++;
    void this.written();
  }

  #writeAll(bytes: Buffer): boolean {
    try {
      const fd = this.#fd ?? this.#openNext();
      for (let done = 0; done < bytes.length; ) done += this.#write(fd, bytes, done, bytes.length - done);
      this.#offset += bytes.length;
      this.failure = null;
      if (this.#offset >= SEGMENT_BYTES) this.#closeSegment();
      return true;
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
      this.#dropPartialWrite();
      return false;
    }
  }

  /** A half-written frame would hide every later one, so it is cut off; if even that fails, its segment is left behind. */
  #dropPartialWrite(): void {
    if (this.#fd === null) return;
    try {
      ftruncateSync(this.#fd, this.#offset);
    } catch {
      this.#closeSegment();
    }
  }

  #openNext(): number {
    const { dir } = this.#options;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const fd = openSync(segmentPath(dir, this.#segment + 1), 'ax', 0o600);
    this.#fd = fd;
    this.#segment++;
    this.#offset = 0;
    return fd;
  }

  #closeSegment(): void {
    const fd = this.#fd;
    this.#fd = null;
    this.#priceRows.clear();
    try {
      if (fd !== null) closeSync(fd);
    } catch {
      // The descriptor is gone either way, and what was written through it is in the page cache.
    }
  }
}
