import { findStringEnd } from '../../json/scan-bytes.ts';

const quote = 0x22;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const lf = 0x0a;

/**
 * The JSON documents of a streamed reply's bytes, last one first, so that a reader can stop as soon as it knows enough.
 * Covers server-sent events, the JSON array that Google streams without `alt=sse`, and the bare JSON error that may
 * follow either. Google writes one `data:` line per event.
 */
export function* payloadsFromEnd(bytes: Buffer): Generator<Buffer> {
  const bareStart = findBareJson(bytes);
  if (bareStart >= 0) yield* splitObjects(bytes.subarray(bareStart)).reverse();
  let end = bareStart >= 0 ? bareStart : bytes.length;
  while (end > 0) {
    const start = bytes.lastIndexOf(lf, end - 1) + 1;
    const line = bytes.subarray(start, end);
    if (line.toString('latin1', 0, 5) === 'data:') yield line.subarray(5);
    end = start - 1;
  }
}

/** Where JSON outside of `data:` lines begins; -1 when there is none. A brace in a data line never begins a line. */
function findBareJson(bytes: Buffer): number {
  const head = /^(?:\xef\xbb\xbf)?\s*[[{]/.exec(bytes.toString('latin1', 0, 64));
  if (head !== null) return 0;
  const at = Math.max(bytes.lastIndexOf('\n{'), bytes.lastIndexOf('\n['), bytes.lastIndexOf('\r{'), bytes.lastIndexOf('\r['));
  return at < 0 ? -1 : at + 1;
}

/** The outermost objects of a JSON text, cut ones left out. */
function splitObjects(json: Buffer): Buffer[] {
  const objects: Buffer[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === quote) {
      const end = findStringEnd(json, at);
      if (end < 0) break;
      at = end - 1;
    } else if (byte === openBrace) {
      if (depth === 0) start = at;
      depth++;
    } else if (byte === closeBrace && depth > 0) {
      depth--;
      if (depth === 0) objects.push(json.subarray(start, at + 1));
    }
  }
  return objects;
}
