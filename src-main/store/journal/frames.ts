import { crc32 } from 'node:zlib';
import { type JournalRecord, type RenderedRecord, readEnd, readStart } from './records.ts';

/**
 * Frame: length of both texts (u32 LE), crc32 of all that follows (u32 LE), type (u8), length of the values (u32 LE), values,
 * detail (UTF-8).
 */
export const FRAME_HEADER_BYTES = 13;
export const frameTypes = { start: 1, end: 2 } as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

/** No record is near this; a greater length is damage. */
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

/**
 * Writes one frame at `offset`. `target` must have room for the header and three bytes per character.
 * @returns the offset behind the frame
 */
export function writeFrame(target: Buffer, offset: number, type: FrameType, { values, detail }: RenderedRecord): number {
  const start = offset + FRAME_HEADER_BYTES;
  const middle = start + target.write(values, start, 'utf8');
  const end = detail === '' ? middle : middle + target.write(detail, middle, 'utf8');
  target[offset + 8] = type;
  target.writeUInt32LE(middle - start, offset + 9);
  target.writeUInt32LE(end - start, offset);
  target.writeUInt32LE(crc32(target.subarray(offset + 8, end)), offset + 4);
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
    if (bytes.length - at < FRAME_HEADER_BYTES) return decoded('cut');
    const length = bytes.readUInt32LE(at);
    if (length > MAX_PAYLOAD_BYTES) return decoded('damaged');
    const end = at + FRAME_HEADER_BYTES + length;
    if (end > bytes.length) return decoded('cut');
    if (crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) return decoded('damaged');
    if (isKnown(bytes[at + 8])) count++;
    at = end;
  }
  return decoded('none');
}

function isKnown(type: number | undefined): boolean {
  return type === frameTypes.start || type === frameTypes.end;
}

/** @param end of the last frame; all of them have been checked, so a payload is what we wrote */
function readLazily(bytes: Buffer, end: number, length: number): JournalRecords {
  return {
    length,
    *[Symbol.iterator]() {
      let next = 0;
      for (let at = 0; at < end; at = next) {
        next = at + FRAME_HEADER_BYTES + bytes.readUInt32LE(at);
        if (!isKnown(bytes[at + 8])) continue;
        const start = at + FRAME_HEADER_BYTES;
        const detail = { bytes, start: start + bytes.readUInt32LE(at + 9), end: next };
        const values: unknown = JSON.parse(bytes.toString('utf8', start, detail.start));
        if (bytes[at + 8] === frameTypes.start) yield { type: 'start', start: readStart(values, detail) };
        else yield { type: 'end', end: readEnd(values, detail) };
      }
    },
  };
}
