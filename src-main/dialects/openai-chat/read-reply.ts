import type { ReplyFacts } from '../dialect.ts';
import { type JsonRange, readScanned, scanTopLevel } from '../json-scan.ts';
import { asText } from '../json-value.ts';
import { readOpenaiUsage, readWireUsage } from './usage.ts';

/**
 * Facts of a whole JSON reply of any OpenAI endpoint (chat, completions, embeddings, images, moderations,
 * transcriptions). Vectors, images and texts are skipped, never parsed.
 */
export function readReply(body: Buffer): ReplyFacts {
  const found = scanTopLevel(body, ['id', 'model', 'service_tier', 'usage', 'x_groq', 'choices']);
  const read = (key: string) => readScanned(body, found.get(key));
  return {
    usage: readOpenaiUsage(readWireUsage(read('usage'), read('x_groq')), asText(read('service_tier'))),
    responseId: asText(read('id')),
    model: asText(read('model')),
    finishReason: readFirstFinishReason(body, found.get('choices')),
  };
}

function readFirstFinishReason(body: Buffer, choices: JsonRange | undefined): string | null {
  if (choices === undefined) return null;
  const firstChoice = body.subarray(choices.start + 1, choices.end);
  const found = scanTopLevel(firstChoice, ['finish_reason']);
  return asText(readScanned(firstChoice, found.get('finish_reason')));
}
