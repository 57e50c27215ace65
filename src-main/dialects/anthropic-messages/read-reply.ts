import type { ReplyFacts } from '../dialect.ts';
import { readTopLevel } from '../json-scan.ts';
import { asText } from '../json-value.ts';
import { readAnthropicUsage } from './usage.ts';

const keys = ['type', 'id', 'model', 'stop_reason', 'usage'];

/** Facts of a message. A token count (`{"input_tokens": n}`) bills nothing, and other replies have an id of something else. */
export function readReply(body: Buffer): ReplyFacts {
  const { type, id, model, stop_reason: stopReason, usage } = readTopLevel(body, keys);
  if (type !== undefined && type !== 'message') return { usage: null, responseId: null, model: null, finishReason: null };
  return {
    usage: readAnthropicUsage(usage),
    responseId: asText(id),
    model: asText(model),
    finishReason: asText(stopReason),
  };
}
