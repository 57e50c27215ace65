import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { decodeFrames, type JournalRecords, noRecords } from './frames.ts';
import { type JournalPosition, listSegments, segmentPath } from './segments.ts';

/** Some of the journal, from one position to another. */
interface JournalChunk {
  /** To be used before the next read. */
  records: JournalRecords;
  /** Behind the records. */
  position: JournalPosition;
  /** Bytes that were passed over: the torn tail of a crash, or damage. */
  unreadableBytes: number;
}

interface ReadLimit {
  maxRecords: number;
}

/** Bytes read at once; a longer record is read alone. */
const CHUNK_BYTES = 1024 * 1024;

/** Reads segments in order, holding the current one open. A torn or damaged frame ends its segment. */
export class JournalReader {
  readonly #dir: string;
  #open: { segment: number; fd: number } | null = null;
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The end of the last segment as it is on disk; null when there is none. Only for a journal nobody writes to. */
  end(): JournalPosition | null {
    const segment = listSegments(this.#dir).at(-1);
    return segment === undefined ? null : { segment, offset: this.#sizeOf(segment) };
  }

  /** Reads on from `from`, at most to `upTo`, which its writer has reached. At `upTo` it gives no records and that position. */
  read(from: JournalPosition, upTo: JournalPosition, limit: ReadLimit): JournalChunk {
    let position = from;
    let unreadableBytes = 0;
    while (position.segment < upTo.segment || (position.segment === upTo.segment && position.offset < upTo.offset)) {
      const isLast = position.segment === upTo.segment;
      const end = isLast ? Math.min(upTo.offset, this.#sizeOf(position.segment)) : this.#sizeOf(position.segment);
      const { records, consumed, torn } = this.#readFrames(position, end, limit.maxRecords);
      const offset = position.offset + consumed;
      if (torn) unreadableBytes += end - offset;
      position = torn || offset >= end ? this.#nextOf(position.segment, upTo) : { segment: position.segment, offset };
      if (records.length > 0) return { records, position, unreadableBytes };
    }
    return { records: noRecords, position, unreadableBytes };
  }

  close(): void {
    if (this.#open !== null) closeSync(this.#open.fd);
    this.#open = null;
  }

  /** Where reading goes on behind a segment: one that is missing has been applied and deleted. */
  #nextOf(segment: number, upTo: JournalPosition): JournalPosition {
    const next = listSegments(this.#dir).find((other) => other > segment && other <= upTo.segment);
    return segment >= upTo.segment || next === undefined ? upTo : { segment: next, offset: 0 };
  }

  #readFrames(from: JournalPosition, end: number, maxRecords: number): { records: JournalRecords; consumed: number; torn: boolean } {
    for (let wanted = CHUNK_BYTES; ; wanted *= 4) {
      const length = Math.min(wanted, end - from.offset);
      const bytes = this.#readBytes(from, Math.max(0, length));
      const { records, consumed, rest } = decodeFrames(bytes, maxRecords);
      const isAll = from.offset + bytes.length >= end || bytes.length < length;
      if (consumed === 0 && rest === 'cut' && !isAll) continue;
      return { records, consumed, torn: rest === 'damaged' || (rest === 'cut' && isAll) };
    }
  }

  #readBytes({ segment, offset }: JournalPosition, length: number): Buffer {
    if (length === 0) return Buffer.alloc(0);
    const target = length > CHUNK_BYTES ? Buffer.allocUnsafeSlow(length) : this.#buffer;
    return target.subarray(0, readSync(this.#fdOf(segment), target, 0, length, offset));
  }

  #sizeOf(segment: number): number {
    try {
      return fstatSync(this.#fdOf(segment)).size;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
      throw error;
    }
  }

  #fdOf(segment: number): number {
    if (this.#open?.segment === segment) return this.#open.fd;
    this.close();
    const fd = openSync(segmentPath(this.#dir, segment), 'r');
    this.#open = { segment, fd };
    return fd;
  }
}
