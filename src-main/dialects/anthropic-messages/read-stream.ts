import type { StreamFacts } from '../dialect.ts';
import { asObject, asText, type JsonObject, parseJson } from '../json-value.ts';
import { parseStreamFault } from './parse-error.ts';
import { readStreamUsage } from './usage.ts';

const LF = 10;
const CR = 13;

/**
 * Facts of a finished or cut stream. Only `message_start`, the last `message_delta` and an `error` event are parsed; they
 * are found by their quoted type, which cannot occur inside an answer's text because quotes are escaped there.
 */
export function readStream(chunks: readonly Buffer[]): StreamFacts {
  const [only] = chunks;
  const stream = chunks.length === 1 && only ? only : Buffer.concat(chunks);
  const start = asObject(findEvent(stream, 'message_start', 'first')?.['message']);
  const change = findEvent(stream, 'message_delta', 'last');
  const error = findEvent(stream, 'error', 'last');
  return {
    usage: readStreamUsage(start?.['usage'], change?.['usage']),
    responseId: asText(start?.['id']),
    model: asText(start?.['model']),
    finishReason: asText(asObject(change?.['delta'])?.['stop_reason']),
    complete: findEvent(stream, 'message_stop', 'last') !== null,
    fault: error && parseStreamFault(error),
  };
}

/** True once the tail holds `message_stop`, or the `error` event after which nothing comes. */
export function endsStream(tail: Buffer): boolean {
  const text = tail.toString('latin1');
  return /"type"\s*:\s*"message_stop"/.test(text) || /(^|[\r\n])event: ?error[\r\n]+data:[^\r\n]*[\r\n]/.test(text);
}

/** The data of the first or last event of one type, if it arrived whole. Each line is looked at once. */
function findEvent(stream: Buffer, type: string, which: 'first' | 'last'): JsonObject | null {
  const quoted = Buffer.from(`"${type}"`);
  let at = which === 'first' ? stream.indexOf(quoted) : stream.lastIndexOf(quoted);
  while (at >= 0) {
    const start = lineStart(stream, at);
    const end = lineEnd(stream, at);
    const data = parseDataLine(stream.toString('utf8', start, end));
    if (data?.['type'] === type) return data;
    if (which === 'first') at = stream.indexOf(quoted, end);
    else at = start === 0 ? -1 : stream.lastIndexOf(quoted, start - 1);
  }
  return null;
}

function lineStart(stream: Buffer, at: number): number {
  return Math.max(stream.lastIndexOf(LF, at), stream.lastIndexOf(CR, at)) + 1;
}

function lineEnd(stream: Buffer, at: number): number {
  const lf = stream.indexOf(LF, at);
  const cr = stream.indexOf(CR, at);
  if (lf < 0) return cr < 0 ? stream.length : cr;
  return cr < 0 ? lf : Math.min(lf, cr);
}

function parseDataLine(line: string): JsonObject | null {
  return line.startsWith('data:') ? asObject(parseJson(line.slice('data:'.length))) : null;
}
