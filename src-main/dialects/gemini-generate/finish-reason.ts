import type { FinishReason } from '../../domain/conversation.ts';
import { asText, type JsonObject } from '../json-value.ts';

const neutralReasons: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  // The answer goes on in a request of its own, which a translated caller cannot ask for.
  ['CONTINUATION', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['MODEL_ARMOR', 'content-filter'],
  ['JAILBREAK', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
  ['MALFORMED_FUNCTION_CALL', 'malformed-tool-call'],
  ['UNEXPECTED_TOOL_CALL', 'malformed-tool-call'],
  ['TOO_MANY_TOOL_CALLS', 'malformed-tool-call'],
  ['MALFORMED_RESPONSE', 'malformed-tool-call'],
]);

export interface Finish {
  finishReason: FinishReason;
  refusalText?: string;
}

/** Google has no finish reason for tool calls: they end with STOP. */
export function resolveFinish(candidate: JsonObject, hasCalls: boolean): Finish {
  const word = asText(candidate['finishReason']) ?? '';
  const reason = neutralReasons.get(word) ?? 'other';
  const finishReason = hasCalls && (reason === 'stop' || reason === 'other') ? 'tool-calls' : reason;
  if (finishReason !== 'content-filter' && finishReason !== 'malformed-tool-call') return { finishReason };
  const message = asText(candidate['finishMessage']);
  return { finishReason, refusalText: message ?? `Gemini stopped the answer: ${word}.` };
}

/** A prompt that Google refused: HTTP 200 with no candidate. null when it was not blocked. */
export function resolveBlock(promptFeedback: JsonObject | null): Finish | null {
  const word = asText(promptFeedback?.['blockReason']);
  if (word === null) return null;
  const message = asText(promptFeedback?.['blockReasonMessage']);
  return { finishReason: 'content-filter', refusalText: message ?? `Gemini blocked the prompt: ${word}.` };
}
