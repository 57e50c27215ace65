/** Byte range of one raw JSON value: from its first byte to behind its last. */
export interface JsonRange {
  start: number;
  end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;

const PLAIN = 0;
const STRING = 1;
const OPENS = 2;
const CLOSES = 3;
const COMMA = 4;
const COLON = 5;

/** What each byte outside a string means to the scanner; a table, since vectors are megabytes of digits. */
const byteKinds = new Uint8Array(256);
byteKinds[QUOTE] = STRING;
for (const byte of Buffer.from('{[')) byteKinds[byte] = OPENS;
for (const byte of Buffer.from('}]')) byteKinds[byte] = CLOSES;
for (const byte of Buffer.from(',')) byteKinds[byte] = COMMA;
for (const byte of Buffer.from(':')) byteKinds[byte] = COLON;

/**
 * Finds the raw values of some top-level keys of a JSON object without parsing it; strings are skipped natively, so a
 * body of megabytes costs microseconds. Linear and iterative at any depth. Duplicate and escaped keys resolve as
 * `JSON.parse` does (the last wins), so nobody downstream reads another value than we did. Never throws: of a
 * malformed or cut object it returns the values that were complete, of anything else nothing.
 */
export function scanTopLevel(json: Buffer, keys: readonly string[]): Map<string, JsonRange> {
  const found = new Map<string, JsonRange>();
  const { length } = json;
  let at = objectStart(json);
  let depth = 1;
  let key = '';
  let valueStart = -1;

  for (;;) {
    while (at < length && byteKinds[json[at] ?? 0] === PLAIN) at++;
    if (at >= length) break;
    const kind = byteKinds[json[at] ?? 0];
    if (kind === STRING) {
      const end = stringEnd(json, at);
      if (end < 0) break;
      if (depth === 1 && valueStart < 0) key = readKey(json, at, end);
      at = end;
    } else if (kind === OPENS) {
      depth++;
      at++;
    } else if (depth > 1) {
      if (kind === CLOSES) depth--;
      at++;
    } else if (kind === COLON) {
      if (valueStart < 0) valueStart = at + 1;
      at++;
    } else {
      if (valueStart >= 0 && keys.includes(key)) found.set(key, trimmed(json, valueStart, at));
      if (kind === CLOSES) break;
      valueStart = -1;
      at++;
    }
  }
  return found;
}

/** The value in a range found by `scanTopLevel`; undefined when there is no range or it holds no valid JSON. */
export function readScanned(json: Buffer, range: JsonRange | undefined): unknown {
  if (range === undefined) return undefined;
  try {
    return JSON.parse(json.toString('utf8', range.start, range.end));
  } catch {
    return undefined;
  }
}

/** Index behind the opening brace, past a byte-order mark and white space; the buffer's end when there is no object. */
function objectStart(json: Buffer): number {
  let at = json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf ? 3 : 0;
  while (at < json.length && isBlank(json[at])) at++;
  return json[at] === OPEN_BRACE ? at + 1 : json.length;
}

/** Index behind the closing quote; -1 when the string is cut. */
function stringEnd(json: Buffer, openingQuote: number): number {
  let quote = openingQuote;
  for (;;) {
    quote = json.indexOf(QUOTE, quote + 1);
    if (quote < 0) return -1;
    let slashes = quote;
    while (json[slashes - 1] === BACKSLASH) slashes--;
    if ((quote - slashes) % 2 === 0) return quote + 1;
  }
}

function readKey(json: Buffer, start: number, end: number): string {
  const plain = json.toString('utf8', start + 1, end - 1);
  if (!plain.includes('\\')) return plain;
  const unescaped = readScanned(json, { start, end });
  return typeof unescaped === 'string' ? unescaped : plain;
}

function trimmed(json: Buffer, start: number, end: number): JsonRange {
  let from = start;
  let to = end;
  while (from < to && isBlank(json[from])) from++;
  while (to > from && isBlank(json[to - 1])) to--;
  return { start: from, end: to };
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
