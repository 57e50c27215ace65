import type { AssistantPart, ChatResponse } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { ToolNameMap, UpstreamModel } from '../dialect.ts';
import { asObject, asText } from '../json-value.ts';
import { restoreToolCall } from '../tool-names.ts';
import { parseBlock, parseFinish, partOfBlock } from './blocks.ts';
import { readAnthropicUsage } from './usage.ts';

/**
 * A whole message in the neutral form. The vendor gives no time: `createdAt` is 0 and the proxy's clock says it.
 * @param toolNames from the rendered request, so that tool calls carry the caller's names
 * @throws GatewayError upstream_bad_reply when the body is no message
 */
export function parseResponse(body: unknown, target: UpstreamModel, toolNames?: ToolNameMap): ChatResponse {
  const message = asObject(body);
  const content = message?.['content'];
  if (message === null || !Array.isArray(content)) {
    throw new GatewayError('upstream_bad_reply', "The provider's answer is not an Anthropic message.");
  }
  const parts: AssistantPart[] = [];
  let toolCalls = 0;
  for (const value of content) {
    const block = parseBlock(value);
    const part = block && partOfBlock(block, target.model);
    if (!part) continue;
    if (part.type === 'tool-call') toolCalls++;
    parts.push(part.type === 'tool-call' ? restoreToolCall(part, toolNames) : part);
  }
  const { reason, stopSequence, refusalText } = parseFinish(message, toolCalls);
  return {
    id: asText(message['id']) ?? '',
    model: asText(message['model']) ?? target.model,
    createdAt: 0,
    choices: [{ parts, finishReason: reason, stopSequence, ...(refusalText !== undefined && { refusalText }) }],
    usage: readAnthropicUsage(message['usage']),
  };
}
