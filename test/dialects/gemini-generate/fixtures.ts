import type { UpstreamModel } from '../../../src-main/dialects/dialect.ts';
import { renderRequest } from '../../../src-main/dialects/gemini-generate/render-request.ts';
import type { ChatRequest, Message, Tool } from '../../../src-main/domain/conversation.ts';
import { chatRequest } from '../../support/chat-request.ts';

export function tool(name: string, parameters: Record<string, unknown> | null = null): Tool {
  return { name, description: null, parameters, strict: null };
}

export const gemini3: UpstreamModel = { model: 'gemini-3-flash', maxOutputTokens: null };
export const gemini25: UpstreamModel = { model: 'gemini-2.5-flash', maxOutputTokens: null };

export function render(overrides: Partial<ChatRequest>, target = gemini3) {
  const { body, losses, toolNames } = renderRequest(chatRequest(overrides), target);
  return { body, losses, toolNames, paths: losses.map((loss) => loss.path) };
}

export function contentsOf(messages: Message[], target = gemini3): unknown {
  return render({ messages }, target).body['contents'];
}

export const called = (id: string, name: string, argumentsText = '{}', signature?: string): Message => ({
  role: 'assistant',
  parts: [{ type: 'tool-call', id, name, argumentsText, ...(signature !== undefined && { signature }) }],
});
export const answered = (...answers: [callId: string, text: string][]): Message => ({
  role: 'tool',
  results: answers.map(([callId, text]) => ({ callId, parts: [{ type: 'text', text }] })),
});
