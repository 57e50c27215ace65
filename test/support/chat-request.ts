import type { ChatRequest, Message } from '../../src-main/domain/conversation.ts';

/** A request in which nothing but "hi" and the given fields was said. */
export function chatRequest(fields: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'caller-name',
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

export function assistant(text: string): Message {
  return { role: 'assistant', parts: [{ type: 'text', text }] };
}

export function system(text: string): Message {
  return { role: 'system', parts: [{ type: 'text', text }] };
}
