import { renderRequest } from '../../../src-main/dialects/anthropic-messages/render-request.ts';
import type { ChatRequest, Loss, Message } from '../../../src-main/domain/conversation.ts';
import { chatRequest } from '../../support/chat-request.ts';

export function toolResult(callId: string, text: string): Message {
  return { role: 'tool', results: [{ callId, parts: [{ type: 'text', text }] }] };
}

/** Renders for `model` with its limit unknown. */
export function render(fields: Partial<ChatRequest>, model = 'claude-opus-4-7') {
  const { body, losses, toolNames } = renderRequest(chatRequest(fields), { model, maxOutputTokens: null });
  return { body, losses, toolNames, lost: pathsOf(losses) };
}

function pathsOf(losses: readonly Loss[]): string[] {
  return losses.map((loss) => loss.path);
}
