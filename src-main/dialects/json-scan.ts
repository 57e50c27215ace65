import { findObjectStart, findStringEnd, findStructural, trimRange } from '../json/scan-bytes.ts';
import { asObject, type JsonObject, parseJson } from './json-value.ts';

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Byte range of one raw JSON value: from its first byte to behind its last. */
export interface JsonRange {
  start: number;
  end: number;
}

/** The raw values found, by key. */
export class ScannedObject extends Map<string, JsonRange> {
  /** The object was closed, and nothing but white space stands behind it. */
  isWhole = false;
  /** Members of objects at any depth. */
  members = 0;
}

/**
 * Finds the raw values of some top-level keys of a JSON object without parsing it. Linear and iterative at any depth.
 * Duplicate and escaped keys resolve as `JSON.parse` does (the last wins), so nobody downstream reads another value than
 * we did. Never throws: of a malformed or cut object it returns the values that were complete, of anything else nothing.
 */
export function scanTopLevel(json: Buffer, keys: readonly string[]): ScannedObject {
  const found = new ScannedObject();
  const { length } = json;
  const sizes = new Set(keys.map((name) => Buffer.byteLength(name)));
  let at = findObjectStart(json);
  let depth = 1;
  let key = '';
  let valueStart = -1;

  for (;;) {
    at = findStructural(json, at);
    if (at >= length) break;
    const byte = json[at];
    if (byte === QUOTE) {
      const end = findStringEnd(json, at);
      if (end < 0) break;
      if (depth === 1 && valueStart < 0) key = mayBeWanted(json, at, end, sizes) ? readKey(json, at, end) : '';
      at = end;
      continue;
    }
    const closes = byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
    if (byte === COLON) found.members++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (depth > 1) depth -= closes ? 1 : 0;
    else if (byte === COLON) valueStart = valueStart < 0 ? at + 1 : valueStart;
    else {
      if (valueStart >= 0 && keys.includes(key)) found.set(key, trimRange(json, valueStart, at));
      if (closes) {
        found.isWhole = trimRange(json, at + 1, length).start === length;
        break;
      }
      valueStart = -1;
    }
    at++;
  }
  return found;
}

/** The value in a range found by `scanTopLevel`; undefined when there is no range or it holds no valid JSON. */
export function readScanned(json: Buffer, range: JsonRange | undefined): unknown {
  return range === undefined ? undefined : parseJson(json.toString('utf8', range.start, range.end));
}

/** Up to this size parsing all of an object costs less than finding some of its parts. */
const maxWholeBytes = 16 * 1024;

/** The object itself where it is small; null for one that is to be scanned. */
export function parseSmall(json: Buffer): JsonObject | null {
  return json.length > maxWholeBytes ? null : asObject(parseJson(json.toString('utf8')));
}

/** The values of some top-level keys, and of others where the object is small; see `scanTopLevel`. */
export function readTopLevel(json: Buffer, keys: readonly string[]): JsonObject {
  const whole = parseSmall(json);
  if (whole !== null) return whole;
  const found: JsonObject = {};
  for (const [key, range] of scanTopLevel(json, keys)) found[key] = readScanned(json, range);
  return found;
}

function readKey(json: Buffer, start: number, end: number): string {
  const plain = json.toString('utf8', start + 1, end - 1);
  if (!plain.includes('\\')) return plain;
  const unescaped = readScanned(json, { start, end });
  return typeof unescaped === 'string' ? unescaped : plain;
}

/** Whether a key may be one of those asked for, by its size. A million others would take longer to decode than the rest of the scan. */
function mayBeWanted(json: Buffer, start: number, end: number, sizes: ReadonlySet<number>): boolean {
  if (sizes.has(end - start - 2)) return true;
  for (let at = start; at < end; at++) if (json[at] === BACKSLASH) return true;
  return false;
}
