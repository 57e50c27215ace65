import type { ReplyFacts } from '../dialect.ts';
import { type JsonRange, parseSmall, readScanned, scanTopLevel } from '../json-scan.ts';
import { asObjects, asText, type JsonObject } from '../json-value.ts';
import { readOpenaiUsage, readWireUsage } from './usage.ts';

const factKeys = ['id', 'model', 'service_tier', 'usage', 'x_groq', 'choices'];
const choiceKeys = ['finish_reason'];

/**
 * Facts of a whole JSON reply of any OpenAI endpoint (chat, completions, embeddings, images, moderations,
 * transcriptions). Vectors, images and texts are skipped, never parsed.
 */
export function readReply(body: Buffer): ReplyFacts {
  const whole = parseSmall(body);
  if (whole !== null) return readFacts((key) => whole[key], asObjects(whole.choices)[0]?.finish_reason);
  const found = scanTopLevel(body, factKeys);
  return readFacts((key) => readScanned(body, found.get(key)), readFirstFinishReason(body, found.get('choices')));
}

function readFacts(read: (key: keyof JsonObject) => unknown, finishReason: unknown): ReplyFacts {
  return {
    usage: readOpenaiUsage(readWireUsage(read('usage'), read('x_groq')), asText(read('service_tier'))),
    responseId: asText(read('id')),
    model: asText(read('model')),
    finishReason: asText(finishReason),
  };
}

function readFirstFinishReason(body: Buffer, choices: JsonRange | undefined): unknown {
  if (choices === undefined) return null;
  const firstChoice = body.subarray(choices.start + 1, choices.end);
  const found = scanTopLevel(firstChoice, choiceKeys);
  return readScanned(firstChoice, found.get('finish_reason'));
}
