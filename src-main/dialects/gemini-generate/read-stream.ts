import type { StreamFacts } from '../dialect.ts';
import { asCount, asList, asObject, asText, type JsonObject, parseJson } from '../json-value.ts';
import { parseStreamError } from './parse-error.ts';
import { readFinish } from './read-reply.ts';
import { payloadsFromEnd } from './stream-payloads.ts';
import { readGeminiUsage } from './usage.ts';
import { collectSearchQueries, countBilledSearches } from './web-searches.ts';

/**
 * Facts of a finished stream, read backwards. Every chunk repeats `usageMetadata` with growing numbers, so the last one
 * counts. Google has no end mark: a stream is complete when every candidate has a finish reason or the prompt a block
 * reason.
 */
export function readStream(chunks: readonly Buffer[]): StreamFacts {
  const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  const facts: StreamFacts = { usage: null, responseId: null, model: null, finishReason: null, complete: false, fault: null };
  const wanted = wantedKeys(bytes);
  const queries = new Set<string>();
  const candidates = new Map<number, boolean>();
  for (const payload of payloadsFromEnd(bytes)) {
    if (!wanted.some((key) => payload.includes(key)) && !fillsGap(payload, facts)) continue;
    const chunk = parseJson(payload.toString('utf8'));
    facts.fault ??= parseStreamError(chunk);
    const reply = asObject(chunk);
    if (reply === null) continue;
    facts.usage ??= readGeminiUsage(reply['usageMetadata']);
    facts.responseId ??= asText(reply['responseId']);
    facts.model ??= asText(reply['modelVersion']);
    facts.finishReason ??= readFinish(reply);
    noteCandidates(reply, candidates);
    collectSearchQueries(reply['candidates'], queries);
    if (facts.usage !== null && facts.finishReason !== null && wanted === endKeys) break;
  }
  facts.complete = facts.finishReason !== null && [...candidates.values()].every(Boolean);
  if (facts.usage !== null) {
    facts.usage.webSearches = countBilledSearches(queries, facts.model ?? '');
    if (!facts.complete) facts.usage.flags.push('usage_partial');
  }
  return facts;
}

const endKeys = ['"finishReason"', '"blockReason"', '"error"'];

/** Chunks worth parsing: the end, and everything where several candidates or searches have to be counted. */
function wantedKeys(bytes: Buffer): readonly string[] {
  const several = bytes.includes('"index": 1') || bytes.includes('"index":1');
  if (several) return [...endKeys, '"candidates"'];
  return bytes.includes('"webSearchQueries"') ? [...endKeys, '"webSearchQueries"'] : endKeys;
}

/** A search, since parsing each chunk of a cut stream costs far more. */
function fillsGap(payload: Buffer, known: StreamFacts): boolean {
  if (known.usage === null && payload.includes('"usageMetadata"')) return true;
  return known.responseId === null && payload.includes('"responseId"');
}

/** Whether each candidate has finished. */
function noteCandidates(reply: JsonObject, candidates: Map<number, boolean>): void {
  for (const value of asList(reply['candidates'])) {
    const candidate = asObject(value);
    const index = asCount(candidate?.['index']) ?? 0;
    candidates.set(index, candidates.get(index) === true || asText(candidate?.['finishReason']) !== null);
  }
}

/**
 * A finish reason, a block reason or an error in the bytes, or the line that closes a JSON array stream. Inside a JSON
 * string the quotes would be escaped, so text cannot look like one of these keys.
 */
export function endsStream(tail: Buffer): boolean {
  const text = tail.toString('latin1');
  return /"(?:finishReason|blockReason)"\s*:\s*"/.test(text) || /"error"\s*:\s*\{\s*"code"/.test(text) || /\n\]\s*$/.test(text);
}
