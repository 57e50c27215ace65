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
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

const PLAIN = 0;
const STRING = 1;
const OPENS = 2;
const CLOSES = 3;
const COMMA = 4;
const COLON = 5;

const byteKinds = new Uint8Array(256);
byteKinds[QUOTE] = STRING;
byteKinds[OPEN_BRACE] = OPENS;
byteKinds[OPEN_BRACKET] = OPENS;
for (const byte of Buffer.from('}]')) byteKinds[byte] = CLOSES;
for (const byte of Buffer.from(',')) byteKinds[byte] = COMMA;
for (const byte of Buffer.from(':')) byteKinds[byte] = COLON;

/**
 * Finds the elements of the top-level arrays in a JSON object without parsing it: linear, iterative, strings skipped
 * natively. The ranges are disjoint and ascending, so that whatever is cut at them can be put together again byte for
 * byte; of a malformed or huge array the first elements are returned, of anything that is no object none. Never throws.
 */
export function cutBody(body: Buffer): BodyCut[] {
  const cuts: BodyCut[] = [];
  const { length } = body;
  let at = objectStart(body);
  let depth = 1;
  let key = '';
  let inValue = false;
  /** Start of the current element while inside one of the arrays, else -1. */
  let elementStart = -1;

  const endElement = (end: number) => {
    const cut = trimmed(body, elementStart, end);
    if (cut.end > cut.start) cuts.push({ key, ...cut });
  };

  while (at < length && cuts.length < MAX_CUTS) {
    const kind = byteKinds[body[at] ?? 0];
    if (kind === PLAIN) {
      at++;
      continue;
    }
    if (kind === STRING) {
      const end = findStringEnd(body, at);
      if (end < 0) break;
      if (depth === 1 && !inValue) key = body.toString('latin1', at + 1, end - 1);
      at = end;
      continue;
    }
    if (kind === OPENS) {
      depth++;
      if (depth === 2 && inValue && body[at] === OPEN_BRACKET && cutKeys.has(key)) elementStart = at + 1;
    } else if (kind === CLOSES) {
      if (depth === 2 && elementStart >= 0) {
        endElement(at);
        elementStart = -1;
      }
      depth--;
      if (depth === 0) break;
    } else if (depth === 1) {
      inValue = kind === COLON;
    } else if (kind === COMMA && depth === 2 && elementStart >= 0) {
      endElement(at);
      elementStart = at + 1;
    }
    at++;
  }
  return cuts;
}

/** Index behind the opening brace; the body's end when it is no object. */
function objectStart(body: Buffer): number {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (at < body.length && isBlank(body[at])) at++;
  return body[at] === OPEN_BRACE ? at + 1 : body.length;
}

/** Index behind the closing quote of a JSON string; -1 when the string is cut. */
export function findStringEnd(body: Buffer, openingQuote: number): number {
  let quote = openingQuote;
  for (;;) {
    quote = body.indexOf(QUOTE, quote + 1);
    if (quote < 0) return -1;
    let slashes = quote;
    while (body[slashes - 1] === BACKSLASH) slashes--;
    if ((quote - slashes) % 2 === 0) return quote + 1;
  }
}

function trimmed(body: Buffer, start: number, end: number): { start: number; end: number } {
  let from = start;
  let to = end;
  while (from < to && isBlank(body[from])) from++;
  while (to > from && isBlank(body[to - 1])) to--;
  return { start: from, end: to };
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
