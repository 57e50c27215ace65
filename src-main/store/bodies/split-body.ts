import { isBlank } from '../../json/scan-bytes.ts';
import { MAX_BLOCK_BYTES } from '../blocks.ts';
import { cutBody } from './cut-body.ts';
import { hashPiece } from './hash-piece.ts';
import { type Insertion, usualInsertion } from './layout.ts';
import { identifyMessage } from './message-identity.ts';

/** A body taken apart; the parts in order are its bytes. */
interface SplitBody {
  parts: BodyPart[];
  /** One hash for each of its messages, see message-identity.ts; empty unless asked for. */
  messages: string[];
}

export type BodyPart =
  | { type: 'literal'; bytes: Buffer }
  /** Does not come again. */
  | { type: 'once'; bytes: Buffer }
  /** May come again; `hash` is from `hashPiece`. */
  | { type: 'piece'; bytes: Buffer; hash: string; insertions: Insertion[] };

/** Smaller bodies are stored whole, each by itself: what pieces and hashes of them cost is more than they save, and one that comes again soon is compressed away. */
const MIN_CUT_BYTES = 4096;
/** Smaller parts stand in the layout itself. */
const MIN_PIECE_BYTES = 64;

const messageKeys = new Set(['messages', 'input', 'contents']);
const QUOTED_MARK = Buffer.from('"cache_control"');
/** A member of every block and of every cache mark. */
const QUOTED_TYPE = Buffer.from('"type"');
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const noInsertions: Insertion[] = [];
/** `{"type":"ephemeral","ttl":"1h"}` with some white space; anything longer is left where it is. */
const MAX_MARK_BYTES = 96;

/**
 * For requests: cuts at the elements of their arrays.
 * @param identify whether the hashes of the messages are wanted
 */
export function splitRequest(body: Buffer, identify: boolean): SplitBody {
  const whole = body.length < MIN_CUT_BYTES;
  if (whole && !identify) return splitReply(body);
  const parts: BodyPart[] = [];
  const messages: string[] = [];
  let at = 0;
  // Most small bodies have no block, and so neither a mark nor a text that could be said otherwise: one look instead of two an element.
  const isPlain = whole && !body.includes(QUOTED_TYPE);
  const liftMarks = isPlain ? asItIs : liftCacheMarks;
  const identifyElement = isPlain ? useHash : identifyMessage;
  for (const cut of cutBody(body)) {
    const isMessage = identify && messageKeys.has(cut.key);
    if (whole && !isMessage) continue;
    const element = body.subarray(cut.start, cut.end);
    if (element.length > MAX_BLOCK_BYTES) {
      const chunks = divide(element, true);
      if (isMessage) messages.push(hashPiece(chunks.map(readHash).join('')));
      parts.push(...divide(body.subarray(at, cut.start), true), ...chunks);
      at = cut.end;
      continue;
    }
    const { bytes, insertions } = liftMarks(element);
    const hash = hashPiece(bytes);
    if (isMessage) messages.push(identifyElement(bytes, hash));
    // What is small stays in the literal between its neighbours.
    if (whole || bytes.length < MIN_PIECE_BYTES) continue;
    parts.push(...divide(body.subarray(at, cut.start), true));
    parts.push({ type: 'piece', bytes, hash, insertions });
    at = cut.end;
  }
  parts.push(...divide(body.subarray(at), !whole));
  return { parts, messages };
}

function asItIs(element: Buffer): { bytes: Buffer; insertions: Insertion[] } {
  return { bytes: element, insertions: noInsertions };
}

function useHash(_: Buffer, hash: string): string {
  return hash;
}

function readHash(part: BodyPart): string {
  return part.type === 'piece' ? part.hash : part.bytes.toString('latin1');
}

/** For replies: they do not repeat, so they are only divided into pieces of a manageable size. */
export function splitReply(body: Buffer): SplitBody {
  return { parts: divide(body, false), messages: [] };
}

function divide(bytes: Buffer, repeats: boolean): BodyPart[] {
  if (bytes.length === 0) return [];
  if (bytes.length < MIN_PIECE_BYTES) return [{ type: 'literal', bytes }];
  const parts: BodyPart[] = [];
  for (let at = 0; at < bytes.length; at += MAX_BLOCK_BYTES) {
    const chunk = bytes.subarray(at, at + MAX_BLOCK_BYTES);
    if (repeats) parts.push({ type: 'piece', bytes: chunk, hash: hashPiece(chunk), insertions: noInsertions });
    else parts.push({ type: 'once', bytes: chunk });
  }
  return parts;
}

/**
 * Takes prompt-cache marks out of an element. Clients put them on their newest messages and remove them in the next
 * request, so with the mark in place every message would be stored, and counted as new, twice.
 */
function liftCacheMarks(element: Buffer): { bytes: Buffer; insertions: Insertion[] } {
  const kept: Buffer[] = [];
  const insertions: Insertion[] = [];
  let at = 0;
  let keptBytes = 0;
  for (;;) {
    const mark = findCacheMark(element, at);
    if (mark === null) break;
    kept.push(element.subarray(at, mark.start));
    keptBytes += mark.start - at;
    const bytes = element.subarray(mark.start, mark.end);
    insertions.push({ offset: keptBytes, bytes: bytes.equals(usualInsertion) ? usualInsertion : bytes });
    at = mark.end;
  }
  if (insertions.length === 0) return { bytes: element, insertions };
  kept.push(element.subarray(at));
  return { bytes: Buffer.concat(kept), insertions };
}

/** Range of the next `,"cache_control":{…}`. A quote inside a JSON string is escaped, so a match is a real member. */
function findCacheMark(element: Buffer, from: number): { start: number; end: number } | null {
  for (let name = element.indexOf(QUOTED_MARK, from); name >= 0; name = element.indexOf(QUOTED_MARK, name + QUOTED_MARK.length)) {
    const start = skipBlanks(element, name - 1, -1);
    const colon = skipBlanks(element, name + QUOTED_MARK.length, 1);
    const open = skipBlanks(element, colon + 1, 1);
    if (start < from || element[start] !== COMMA || element[colon] !== COLON || element[open] !== OPEN_BRACE) continue;
    const object = element.subarray(open, open + MAX_MARK_BYTES);
    const length = object.indexOf(CLOSE_BRACE) + 1;
    if (length > 0 && !object.subarray(1, length).includes(OPEN_BRACE)) return { start, end: open + length };
  }
  return null;
}

/** Bounded, since the body is whatever somebody sent. */
function skipBlanks(bytes: Buffer, from: number, step: 1 | -1): number {
  let at = from;
  for (let left = MAX_MARK_BYTES; left > 0 && isBlank(bytes[at]); left--) at += step;
  return at;
}
