import { renderRequest } from '../../../src-main/dialects/anthropic-messages/render-request.ts';
import type { ChatRequest, Loss, Message } from '../../../src-main/domain/conversation.ts';

/** A request in which nothing but the given fields was said. */
export function chatRequest(fields: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'claude',
    messages: [user('hi')],
    tools: [],
    toolChoice: null,
    parallelToolCalls: null,
    maxOutputTokens: null,
    temperature: null,
    topP: null,
    topK: null,
    frequencyPenalty: null,
    presencePenalty: null,
    seed: null,
    logprobs: null,
    topLogprobs: null,
    stop: [],
    choiceCount: null,
    responseFormat: null,
    reasoning: null,
    serviceTier: null,
    userId: null,
    webSearch: false,
    stream: false,
    includeUsage: false,
    unmapped: [],
    ...fields,
  };
}

export function user(text: string): Message {
  return { role: 'user', parts: [{ type: 'text', text }] };
}

export function system(text: string): Message {
  return { role: 'system', parts: [{ type: 'text', text }] };
}

export function assistant(text: string): Message {
  return { role: 'assistant', parts: [{ type: 'text', text }] };
}

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
