import { crc32 } from 'node:zlib';
import type { CallEnd, CallStart } from '../../domain/call.ts';

/** A price row is longer than all the rest and the same for thousands of calls: spelt out once a segment, and named from then on. */
export type JournaledEnd = CallEnd & {
  /** Its `id`, where a record before this one in the segment has it in full; `priceRow` is then null. */
  priceRowName?: string;
};

/** One record of the journal, as read back. */
export type JournalRecord = { type: 'start'; start: CallStart } | { type: 'end'; end: JournaledEnd };

/** Frame: length of the payload (u32 LE), crc32 of type and payload (u32 LE), type (u8), payload (JSON, UTF-8). */
export const FRAME_HEADER_BYTES = 9;
export const frameTypes = { start: 1, end: 2 } as const;
export type FrameType = (typeof frameTypes)[keyof typeof frameTypes];

/** No record is near this; a greater length is damage. */
const MAX_PAYLOAD_BYTES = 64 * 1024 * 1024;

/**
 * Writes one frame at `offset`. `target` must have room for the header and three bytes per character.
 * @returns the offset behind the frame
 */
export function writeFrame(target: Buffer, offset: number, type: FrameType, payload: string): number {
  const start = offset + FRAME_HEADER_BYTES;
  const end = start + target.write(payload, start, 'utf8');
  target[offset + 8] = type;
  target.writeUInt32LE(end - start, offset);
  target.writeUInt32LE(crc32(target.subarray(offset + 8, end)), offset + 4);
  return end;
}

interface DecodedFrames {
  records: JournalRecord[];
  /** Bytes of whole, undamaged frames from the beginning. */
  consumed: number;
  /** What stands behind them: nothing, a frame that is not all there, or bytes that are no frame. */
  rest: 'none' | 'cut' | 'damaged';
}

/** Reads frames from the beginning of `bytes`. Types of a newer version are skipped. Never throws. */
export function decodeFrames(bytes: Buffer, maxRecords = Number.POSITIVE_INFINITY): DecodedFrames {
  const records: JournalRecord[] = [];
  let at = 0;
  while (at < bytes.length && records.length < maxRecords) {
    if (bytes.length - at < FRAME_HEADER_BYTES) return { records, consumed: at, rest: 'cut' };
    const length = bytes.readUInt32LE(at);
    if (length > MAX_PAYLOAD_BYTES) return { records, consumed: at, rest: 'damaged' };
    const end = at + FRAME_HEADER_BYTES + length;
    if (end > bytes.length) return { records, consumed: at, rest: 'cut' };
    if (crc32(bytes.subarray(at + 8, end)) !== bytes.readUInt32LE(at + 4)) return { records, consumed: at, rest: 'damaged' };
    const record = decodeRecord(bytes[at + 8], bytes.toString('utf8', at + FRAME_HEADER_BYTES, end));
    if (record !== null) records.push(record);
    at = end;
  }
  return { records, consumed: at, rest: 'none' };
}

function decodeRecord(type: number | undefined, payload: string): JournalRecord | null {
  // The checksum held, so the payload is what we wrote.
  if (type === frameTypes.start) return { type: 'start', start: JSON.parse(payload) as CallStart };
  if (type === frameTypes.end) return { type: 'end', end: JSON.parse(payload) as JournaledEnd };
  return null;
}
