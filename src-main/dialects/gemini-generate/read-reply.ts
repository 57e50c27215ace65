import type { ReplyFacts } from '../dialect.ts';
import { readTopLevel } from '../json-scan.ts';
import { asList, asObject, asText, type JsonObject } from '../json-value.ts';
import { readGeminiUsage } from './usage.ts';
import { collectSearchQueries, countBilledSearches } from './web-searches.ts';

const factKeys = ['usageMetadata', 'modelVersion', 'responseId', 'candidates', 'promptFeedback'];

/**
 * Facts of a whole reply: generateContent (also as the one element of an array), embedContent and batchEmbedContents,
 * whose vectors are skipped unparsed, and countTokens, which reports no usage because it costs none.
 */
export function readReply(body: Buffer): ReplyFacts {
  const reply = readTopLevel(skipArrayStart(body), factKeys);
  const usage = readGeminiUsage(reply['usageMetadata']);
  const model = asText(reply['modelVersion']);
  if (usage !== null) usage.webSearches = countSearches(reply['candidates'], model);
  return { usage, responseId: asText(reply['responseId']), model, finishReason: readFinish(reply) };
}

/** Google's own word for why it stopped: a candidate's `finishReason`, or the `blockReason` of the prompt. */
export function readFinish(reply: JsonObject): string | null {
  for (const candidate of asList(reply['candidates'])) {
    const reason = asText(asObject(candidate)?.['finishReason']);
    if (reason !== null) return reason;
  }
  return asText(asObject(reply['promptFeedback'])?.['blockReason']);
}

function countSearches(candidates: unknown, model: string | null): number | null {
  const queries = new Set<string>();
  collectSearchQueries(candidates, queries);
  return countBilledSearches(queries, model ?? '');
}

/** The bytes from the first object on, when the reply is an array of objects. */
function skipArrayStart(body: Buffer): Buffer {
  const start = /^(?:\xef\xbb\xbf)?\s*\[\s*/.exec(body.toString('latin1', 0, 64));
  return start === null ? body : body.subarray(start[0].length);
}
