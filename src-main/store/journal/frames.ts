import { checksum } from './checksum.ts';
import { type JournalRecord, type RenderedRecord, readEnd, readEndTexts, readStart, readStartTexts } from './records.ts';
import { RepeatedTexts } from './repeated-texts.ts';
import { viewOf } from './view-of.ts';

/**
 * Frame, all numbers little-endian: bytes behind the header (u32), checksum of all that follows (u32), type (u8), how many numbers
 * (u8), bytes of the texts (u32), the numbers (f64; NaN = NULL), texts, detail (both UTF-8).
 */
const HEADER_BYTES = 14;
const CHECKED_FROM = 8;
export const frameTypes = { start: 1, end: 2 } as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

/** No record is near this; a greater length is damage. */
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

/** Most bytes that `writeFrame` may need for it. */
export function frameRoom({ numbers, texts, detail }: RenderedRecord): number {
  return HEADER_BYTES + numbers.length * 8 + (texts.length + detail.length) * 3;
}

/** Writes one frame at `offset`, where `target` must have room for it. @returns the offset behind the frame */
export function writeFrame(target: Buffer, offset: number, type: FrameType, { numbers, texts, detail }: RenderedRecord): number {
  const view = viewOf(target);
  const base = target.byteOffset + offset;
  let at = base + HEADER_BYTES;
  for (const number of numbers) {
    view.setFloat64(at, number, true);
    at += 8;
  }
  const middle = at - target.byteOffset;
  const start = middle + target.write(texts, middle, 'utf8');
  const end = detail === '' ? start : start + target.write(detail, start, 'utf8');
  view.setUint32(base, end - offset - HEADER_BYTES, true);
  view.setUint8(base + 8, type);
  view.setUint8(base + 9, numbers.length);
  view.setUint32(base + 10, start - middle, true);
  view.setUint32(base + 4, checksum(target, offset + CHECKED_FROM, end), true);
  return end;
}

/** Records that are parsed as they are asked for: a batch of hundreds would outlive the young generation. */
export interface JournalRecords extends Iterable<JournalRecord> {
  readonly length: number;
}

export const noRecords: JournalRecords = [];

interface DecodedFrames {
  /** Read from `bytes`, which must stay as they are while this is used. */
  records: JournalRecords;
  /** Bytes of whole, undamaged frames from the beginning. */
  consumed: number;
  /** What stands behind them: nothing, a frame that is not all there, or bytes that are no frame. */
  rest: 'none' | 'cut' | 'damaged';
}

/** Checks frames from the beginning of `bytes`. Types of a newer version are skipped. Never throws. */
export function decodeFrames(bytes: Buffer, maxRecords = Number.POSITIVE_INFINITY): DecodedFrames {
  let at = 0;
  let count = 0;
  const decoded = (rest: DecodedFrames['rest']): DecodedFrames => ({ records: readLazily(bytes, at, count), consumed: at, rest });
  while (at < bytes.length && count < maxRecords) {
    if (bytes.length - at < HEADER_BYTES) return decoded('cut');
    const length = bytes.readUInt32LE(at);
    if (length > MAX_PAYLOAD_BYTES) return decoded('damaged');
    const end = at + HEADER_BYTES + length;
    if (end > bytes.length) return decoded('cut');
    if (checksum(bytes, at + CHECKED_FROM, end) !== bytes.readUInt32LE(at + 4)) return decoded('damaged');
    if (isKnown(bytes[at + 8])) count++;
    at = end;
  }
  return decoded('none');
}

function isKnown(type: number | undefined): boolean {
  return type === frameTypes.start || type === frameTypes.end;
}

const startTexts = new RepeatedTexts(readStartTexts);
const endTexts = new RepeatedTexts(readEndTexts);

/** @param end of the last frame; all of them have been checked, so a payload is what we wrote */
function readLazily(bytes: Buffer, end: number, length: number): JournalRecords {
  return {
    length,
    *[Symbol.iterator]() {
      let next = 0;
      for (let at = 0; at < end; at = next) {
        next = at + HEADER_BYTES + bytes.readUInt32LE(at);
        if (!isKnown(bytes[at + 8])) continue;
        const count = bytes[at + 9] ?? 0;
        const texts = at + HEADER_BYTES + count * 8;
        const detail = { bytes, start: texts + bytes.readUInt32LE(at + 10), end: next };
        const numbers = readNumbers(bytes, at + HEADER_BYTES, count);
        if (bytes[at + 8] === frameTypes.start) yield readStart(numbers, startTexts.read(bytes, texts, detail.start), detail);
        else yield readEnd(numbers, endTexts.read(bytes, texts, detail.start), detail);
      }
    },
  };
}

function readNumbers(bytes: Buffer, start: number, count: number): (number | null)[] {
  const view = viewOf(bytes);
  const numbers = new Array<number | null>(count);
  for (let index = 0; index < count; index++) {
    const number = view.getFloat64(bytes.byteOffset + start + index * 8, true);
    numbers[index] = Number.isNaN(number) ? null : number;
  }
  return numbers;
}
