import type { ReplyFacts } from '../dialect.ts';
import { readScanned, scanTopLevel } from '../json-scan.ts';
import { asText } from '../json-value.ts';
import { readAnthropicUsage } from './usage.ts';

const keys = ['type', 'id', 'model', 'stop_reason', 'usage'];

/** Facts of a message. A token count (`{"input_tokens": n}`) bills nothing, and other replies have an id of something else. */
export function readReply(body: Buffer): ReplyFacts {
  const found = scanTopLevel(body, keys);
  const read = (key: string) => readScanned(body, found.get(key));
  const type = read('type');
  if (type !== undefined && type !== 'message') return { usage: null, responseId: null, model: null, finishReason: null };
  return {
    usage: readAnthropicUsage(read('usage')),
    responseId: asText(read('id')),
    model: asText(read('model')),
    finishReason: asText(read('stop_reason')),
  };
}
