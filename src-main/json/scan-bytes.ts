/** What reading JSON bytes without parsing them takes: strings are skipped natively, so megabytes cost microseconds. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;

/** 1 for the bytes that mean something outside a string; a table, since vectors are megabytes of digits. */
const structural = new Uint8Array(256);
for (const byte of Buffer.from('"{}[],:')) structural[byte] = 1;

/** Index of the next byte that means something, from one outside a string on; the buffer's end when there is none. */
export function findStructural(json: Buffer, from: number): number {
  const { length } = json;
  let at = from;
  while (at < length && structural[json[at] ?? 0] === 0) at++;
  return at;
}

/** Index behind the opening brace, past a byte-order mark and white space; the buffer's end when there is no object. */
export function findObjectStart(json: Buffer): number {
  let at = json[0] === 0xef && json[1] === 0xbb && json[2] === 0xbf ? 3 : 0;
  while (at < json.length && isBlank(json[at])) at++;
  return json[at] === OPEN_BRACE ? at + 1 : json.length;
}

/** A native search costs as much as looking at this many bytes; most strings, and the ways between escapes, are shorter. */
const NEAR = 32;

/** Index behind the closing quote of a string; -1 when the string is cut. */
export function findStringEnd(json: Buffer, openingQuote: number): number {
  let at = openingQuote + 1;
  for (;;) {
    const near = Math.min(at + NEAR, json.length);
    for (; at < near; at++) {
      const byte = json[at];
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) at++;
    }
    const quote = json.indexOf(QUOTE, at);
    if (quote < 0) return -1;
    let slashes = quote;
    while (json[slashes - 1] === BACKSLASH) slashes--;
    at = quote + 1;
    if ((quote - slashes) % 2 === 0) return at;
  }
}

/** A range without the white space at its ends. */
export function trimRange(json: Buffer, start: number, end: number): { start: number; end: number } {
  let from = start;
  let to = end;
  while (from < to && isBlank(json[from])) from++;
  while (to > from && isBlank(json[to - 1])) to--;
  return { start: from, end: to };
}

export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
