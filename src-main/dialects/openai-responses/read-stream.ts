import type { StreamFacts } from '../dialect.ts';
import { readScanned, scanTopLevel } from '../json-scan.ts';
import { parseError, parseStreamError } from './parse-error.ts';
import { readFacts, readReply, scanResponse } from './read-reply.ts';

/** The events that end a stream; each but `error` holds the whole response with its usage. */
const terminal = new Set(['response.completed', 'response.incomplete', 'response.failed', 'error']);

const eventKeys = ['type', 'response'];

/** Lines searched from the end for the terminal event: it is the last, but some servers add `[DONE]` or a ping. */
const searchedLines = 8;

/**
 * Facts of a finished stream, read from the one event that ends it. A stream without such an event was cut; then only
 * its first event tells the id and the model.
 */
export function readStream(chunks: readonly Buffer[]): StreamFacts {
  const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  if (/^\s*\{/.test(bytes.toString('latin1', 0, 64))) return readUnstreamed(bytes);
  let searched = 0;
  for (const payload of dataLinesFromEnd(bytes)) {
    const facts = readEvent(payload);
    if (facts?.complete) return facts;
    if (++searched === searchedLines) break;
  }
  const first = firstDataLine(bytes);
  return { ...((first && readEvent(first)) ?? nothing), finishReason: null, usage: null, complete: false, fault: null };
}

/**
 * True when the tail holds a terminal event's name, or the counts that only its response has. Inside a JSON string the
 * quotes would be escaped, so text cannot look like them.
 */
export function endsStream(tail: Buffer): boolean {
  const text = tail.toString('latin1');
  return (
    /(?:^|[\r\n])event: ?(?:response\.(?:completed|incomplete|failed)|error)[\r\n]/.test(text) ||
    /"type"\s*:\s*"(?:response\.(?:completed|incomplete|failed)|error)"/.test(text) ||
    /"total_tokens"\s*:\s*\d/.test(text)
  );
}

const nothing: StreamFacts = { usage: null, responseId: null, model: null, finishReason: null, complete: false, fault: null };

function readEvent(payload: Buffer): StreamFacts | null {
  const ranges = scanTopLevel(payload, eventKeys);
  const type = readScanned(payload, ranges.get('type'));
  if (typeof type !== 'string') return null;
  const complete = terminal.has(type);
  if (type === 'error') return { ...nothing, complete, fault: parseStreamError(readScanned(payload, { start: 0, end: payload.length })) };
  const range = ranges.get('response');
  if (range === undefined) return null;
  const response = scanResponse(payload.subarray(range.start, range.end));
  const fault = type === 'response.failed' ? parseStreamError(response['error']) : null;
  return { ...readFacts(response), complete, fault };
}

function* dataLinesFromEnd(bytes: Buffer): Generator<Buffer> {
  let end = bytes.length;
  while (end > 0) {
    const start = Math.max(bytes.lastIndexOf('\n', end - 1), bytes.lastIndexOf('\r', end - 1)) + 1;
    if (bytes.toString('latin1', start, start + 5) === 'data:') yield bytes.subarray(start + 5, end);
    end = start - 1;
  }
}

function firstDataLine(bytes: Buffer): Buffer | null {
  const start = bytes.indexOf('data:');
  const end = bytes.indexOf('\n', start);
  return start < 0 || end < 0 ? null : bytes.subarray(start + 5, end);
}

/** Some servers answer a stream request with one JSON document: the whole response, or an error. */
function readUnstreamed(bytes: Buffer): StreamFacts {
  const facts = readReply(bytes);
  const isResponse = facts.finishReason !== null;
  return { ...facts, complete: isResponse, fault: isResponse ? null : parseError(500, bytes.toString('utf8')) };
}
