import type { StreamFacts } from '../dialect.ts';
import { asList, asObject, asText, type JsonObject, parseJson } from '../json-value.ts';
import { createSseParser, type SseEvent } from '../sse.ts';
import { readStreamFault } from './parse-error.ts';
import { readReply } from './read-reply.ts';
import { readOpenaiUsage, readWireUsage } from './usage.ts';

/** Room for the last few chunks: finish reason, usage and `[DONE]` stand there in nearly every stream. */
const tailLength = 8192;

/**
 * Facts of a finished stream, read from its end backwards. Usage may stand on any chunk, so the whole is searched only
 * when its tail did not settle the matter.
 */
export function readStream(chunks: readonly Buffer[]): StreamFacts {
  const tail = collectFacts(lastEvents(chunks));
  if (tail.complete && tail.usage !== null) return tail;
  const bytes = Buffer.concat(chunks);
  if (startsLikeJson(bytes)) return readUnstreamed(bytes);
  return tail.complete && !bytes.includes('"usage"') ? tail : collectFacts(bytes);
}

/** True when the tail holds `data: [DONE]` as an event of its own; inside a JSON string it is never at a line's end. */
export function endsStream(tail: Buffer): boolean {
  return tail.includes('[DONE]') && /(?:^|[\r\n])data: ?\[DONE\][ \t]*(?:[\r\n]|$)/.test(tail.toString('latin1'));
}

/** Transcription, speech and image streams end with a typed event and no `[DONE]`. */
const endingType = /^(?:transcript|speech|image)[a-z_.]*\.(?:done|completed)$/;

function collectFacts(bytes: Buffer): StreamFacts {
  const events = parseEvents(bytes);
  const last: { usage: JsonObject | null; tier: string | null; id: string | null; model: string | null; finish: string | null } = {
    usage: null,
    tier: null,
    id: null,
    model: null,
    finish: null,
  };
  let ended = false;
  let fault: StreamFacts['fault'] = null;
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at];
    if (event === undefined) continue;
    if (event.data === '[DONE]') ended = true;
    if (!tellsSomething(event, at === 0 && last.id === null)) continue;
    const data = parseJson(event.data);
    fault ??= readStreamFault(data, event.event);
    const chunk = asObject(data) ?? {};
    ended ||= endingType.test(asText(chunk.type) ?? '');
    last.usage ??= readWireUsage(chunk.usage, chunk.x_groq);
    last.tier ??= asText(chunk.service_tier);
    last.id ??= asText(chunk.id);
    last.model ??= asText(chunk.model);
    for (const choice of asList(chunk.choices)) last.finish ??= asText(asObject(choice)?.finish_reason);
  }
  const complete = ended || last.finish !== null;
  const usage = readOpenaiUsage(last.usage, last.tier);
  if (!complete) usage?.flags.push('usage_partial');
  return { usage, responseId: last.id, model: last.model, finishReason: last.finish, complete, fault };
}

/** Whether an event can hold more than a piece of text; a search, since parsing each chunk costs far more. */
function tellsSomething(event: SseEvent, isLastHope: boolean): boolean {
  if (event.data === '[DONE]') return false;
  return (
    isLastHope ||
    event.event !== null ||
    !event.data.includes('"choices"') ||
    /"(?:usage|finish_reason|error)"\s*:(?!\s*null)/.test(event.data)
  );
}

function parseEvents(bytes: Buffer): SseEvent[] {
  const parser = createSseParser();
  return [...parser.push(bytes), ...parser.end()];
}

/** The whole events within the last chunks that hold `tailLength` bytes; all of a shorter stream. */
function lastEvents(chunks: readonly Buffer[]): Buffer {
  let first = chunks.length;
  for (let length = 0; first > 0 && length < tailLength; first--) length += chunks[first - 1]?.length ?? 0;
  const bytes = Buffer.concat(chunks.slice(first));
  if (first === 0) return bytes;
  const starts = ['\n\n', '\r\n\r\n', '\r\r'].map((blank) => {
    const at = bytes.indexOf(blank, 0, 'latin1');
    return at < 0 ? bytes.length : at + blank.length;
  });
  return bytes.subarray(Math.min(...starts));
}

function startsLikeJson(bytes: Buffer): boolean {
  return /^\s*[{[]/.test(bytes.toString('latin1', 0, 64));
}

/** Some servers answer a stream request with one JSON document: the whole reply, or an error. */
function readUnstreamed(bytes: Buffer): StreamFacts {
  const facts = readReply(bytes);
  const isReply = facts.finishReason !== null || facts.usage !== null;
  const fault = isReply ? null : readStreamFault(parseJson(bytes.toString('utf8')), null);
  return { ...facts, complete: facts.finishReason !== null, fault };
}
