import type { CallEnd, CallStart } from '../../src-main/domain/call.ts';
import { decodeFrames, frameRoom, frameTypes, writeFrame } from '../../src-main/store/journal/frames.ts';
import { type JournalRecord, type RenderedRecord, renderEnd, renderStart } from '../../src-main/store/journal/records.ts';

/** What the ledger thread reads of a start that was journaled. */
export function journaledStart(start: CallStart): JournalRecord {
  return journal(frameTypes.start, renderStart(start));
}

/** With its price row spelt out, as the first of a segment. */
export function journaledEnd(end: CallEnd): JournalRecord {
  return journal(frameTypes.end, renderEnd(end, end.priceRow !== null));
}

function journal(type: 1 | 2, rendered: RenderedRecord): JournalRecord {
  const frame = Buffer.alloc(frameRoom(rendered));
  const [record] = decodeFrames(frame.subarray(0, writeFrame(frame, 0, type, rendered))).records;
  if (record === undefined) throw new Error('no record');
  return record;
}
