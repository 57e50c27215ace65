import type { ArrivedBody } from '../bodies/body-unpacker.ts';
import type { JournalRecords } from '../journal/frames.ts';
import type { JournalReader } from '../journal/journal-reader.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { JournalPosition } from '../journal/segments.ts';

/** The next thing to write, not yet taken from the queue. */
export interface Work {
  records: JournalRecords;
  bodies: ArrivedBody[];
  /** Journal position behind the records. */
  position: JournalPosition;
  /** How many of the records came past the journal. */
  direct: number;
  unreadableBytes: number;
}

/** At 0.7 KB a record a batch is about 600 calls: the transaction's own cost is spread thin, and memory stays small. */
const MAX_RECORDS = 1_200;
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Only while neither the journal nor the database can be written: some 30 MB. */
const MAX_DIRECT = 20_000;

/**
 * What waits to be written: the journal, whose files are the queue, the records that could not be written there, and
 * bodies. A body is written once the records of its call have been noted, so that its conversation can be told.
 */
export class WorkQueue {
  readonly #reader: JournalReader;
  #position: JournalPosition;
  #noted: JournalPosition;
  readonly #direct: JournalRecord[] = [];
  readonly #bodies: ArrivedBody[] = [];
  /** How many of the bodies were there at the last note. */
  #notedBodies = 0;

  /** @param position up to where the journal is in the database */
  constructor(reader: JournalReader, position: JournalPosition) {
    this.#reader = reader;
    this.#position = position;
    this.#noted = position;
  }

  get position(): JournalPosition {
    return this.#position;
  }

  get noted(): JournalPosition {
    return this.#noted;
  }

  /** The journal is written up to here. */
  note(position: JournalPosition): void {
    this.#noted = position;
    this.#notedBodies = this.#bodies.length;
  }

  /** Goes on from another place: the database was put in the place of a damaged one, or opened again. */
  moveTo(position: JournalPosition): void {
    this.#position = position;
  }

  /** Takes as many as there is room for in memory. @returns how many it did not take */
  addDirect(records: readonly JournalRecord[]): number {
    const taken = records.slice(0, MAX_DIRECT - this.#direct.length);
    this.#direct.push(...taken);
    return records.length - taken.length;
  }

  addBodies(bodies: readonly ArrivedBody[]): void {
    this.#bodies.push(...bodies);
  }

  /** Takes all waiting bodies away, to be counted as dropped. */
  dropBodies(): ArrivedBody[] {
    this.#notedBodies = 0;
    return this.#bodies.splice(0);
  }

  /**
   * null when nothing waits. @throws the file system's errors
   * @param oneByOne a single record or body, to find the one that cannot be written
   */
  next(oneByOne: boolean): Work | null {
    const maxRecords = oneByOne ? 1 : MAX_RECORDS;
    const chunk = this.#reader.read(this.#position, this.#noted, { maxRecords });
    const { position, unreadableBytes } = chunk;
    const isCaughtUp = position.segment === this.#noted.segment && position.offset === this.#noted.offset;
    const room = maxRecords - chunk.records.length;
    const direct = isCaughtUp ? this.#direct.slice(0, room) : [];
    const records = direct.length === 0 ? chunk.records : [...chunk.records, ...direct];
    const allRecords = isCaughtUp && direct.length === this.#direct.length;
    const bodies = allRecords ? this.#nextBodies(oneByOne ? Math.min(1 - records.length, this.#notedBodies) : this.#notedBodies) : [];
    if (records.length === 0 && bodies.length === 0 && unreadableBytes === 0) {
      this.#position = position;
      return null;
    }
    return { records, bodies, position, direct: direct.length, unreadableBytes };
  }

  /** The work is in the database, or given up. */
  done(work: Work): void {
    this.#position = work.position;
    this.#direct.splice(0, work.direct);
    this.#bodies.splice(0, work.bodies.length);
    this.#notedBodies -= work.bodies.length;
  }

  #nextBodies(maxBodies: number): ArrivedBody[] {
    let bytes = 0;
    let count = 0;
    for (const body of this.#bodies) {
      if (count >= maxBodies || (count > 0 && bytes + body.length > MAX_BODY_BYTES)) break;
      bytes += body.length;
      count++;
    }
    return this.#bodies.slice(0, count);
  }
}
