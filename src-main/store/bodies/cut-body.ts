import { findObjectStart, findStringEnd, findStructural, trimRange } from '../../json/scan-bytes.ts';

/** One element of an array that is worth storing apart: its byte range in the body, white space left out. */
interface BodyCut {
  /** The top-level key of the array. */
  key: string;
  start: number;
  end: number;
}

/** Arrays whose elements come again, unchanged, in the next request of a conversation; all dialects. */
const cutKeys = new Set(['messages', 'input', 'contents', 'tools', 'system']);

/** A list of numbers may have millions of elements; none of them is worth a cut. */
const MAX_CUTS = 10_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Finds the elements of the top-level arrays in a JSON object without parsing it: linear, iterative, strings skipped
 * natively. The ranges are disjoint and ascending, so that whatever is cut at them can be put together again byte for
 * byte; of a malformed or huge array the first elements are returned, of anything that is no object none. Never throws.
 */
export function cutBody(body: Buffer): BodyCut[] {
  const cuts: BodyCut[] = [];
  const { length } = body;
  let at = findObjectStart(body);
  let depth = 1;
  let key = '';
  let inValue = false;
  /** Start of the current element while inside one of the arrays, else -1. */
  let elementStart = -1;

  const endElement = (end: number) => {
    const cut = trimRange(body, elementStart, end);
    if (cut.end > cut.start) cuts.push({ key, start: cut.start, end: cut.end });
  };

  while (cuts.length < MAX_CUTS) {
    at = findStructural(body, at);
    if (at >= length) break;
    const byte = body[at];
    if (byte === QUOTE) {
      const end = findStringEnd(body, at);
      if (end < 0) break;
      if (depth === 1 && !inValue) key = body.toString('latin1', at + 1, end - 1);
      at = end;
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++;
      if (depth === 2 && inValue && byte === OPEN_BRACKET && cutKeys.has(key)) elementStart = at + 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth === 2 && elementStart >= 0) {
        endElement(at);
        elementStart = -1;
      }
      depth--;
      if (depth === 0) break;
    } else if (depth === 1) {
      inValue = byte === COLON;
    } else if (byte === COMMA && depth === 2 && elementStart >= 0) {
      endElement(at);
      elementStart = at + 1;
    }
    at++;
  }
  return cuts;
}
