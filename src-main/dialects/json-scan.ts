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
 * @param keys the same list each time, if it is used often
 */
export function scanTopLevel(json: Buffer, keys: readonly string[]): ScannedObject {
  const found = new ScannedObject();
  const { length } = json;
  const wanted = spellKeys(keys);
  let at = findObjectStart(json);
  let depth = 1;
  let key: string | null = null;
  let valueStart = -1;

  for (;;) {
    at = findStructural(json, at);
    if (at >= length) break;
    const byte = json[at];
    if (byte === QUOTE) {
      const end = findStringEnd(json, at);
      if (end < 0) break;
      if (depth === 1 && valueStart < 0) key = matchKey(json, at, end, wanted);
      at = end;
      continue;
    }
    const closes = byte === CLOSE_BRACE || byte === CLOSE_BRACKET;
    if (byte === COLON) found.members++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (depth > 1) depth -= closes ? 1 : 0;
    else if (byte === COLON) valueStart = valueStart < 0 ? at + 1 : valueStart;
    else {
      if (valueStart >= 0 && key !== null) found.set(key, trimRange(json, valueStart, at));
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

interface WantedKey {
  name: string;
  bytes: Buffer;
}

const spelled = new WeakMap<readonly string[], readonly WantedKey[]>();

function spellKeys(keys: readonly string[]): readonly WantedKey[] {
  const known = spelled.get(keys);
  if (known !== undefined) return known;
  const wanted = keys.map((name) => ({ name, bytes: Buffer.from(name) }));
  spelled.set(keys, wanted);
  return wanted;
}

/** The wanted key between these quotes; null for another one. A million others would take longer to decode than the rest of the scan. */
function matchKey(json: Buffer, start: number, end: number, wanted: readonly WantedKey[]): string | null {
  for (let at = start; at < end; at++) {
    if (json[at] !== BACKSLASH) continue;
    const unescaped = readScanned(json, { start, end });
    return wanted.find(({ name }) => name === unescaped)?.name ?? null;
  }
  const size = end - start - 2;
  for (const { name, bytes } of wanted) if (bytes.length === size && hasBytes(json, start + 1, bytes)) return name;
  return null;
}

function hasBytes(json: Buffer, start: number, bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at++) if (json[start + at] !== bytes[at]) return false;
  return true;
}
