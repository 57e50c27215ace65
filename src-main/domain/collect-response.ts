import type { ChatEvent } from './chat-event.ts';
import type { ChatChoice, ChatResponse, ToolCallPart } from './conversation.ts';

/** Collects a stream's events into the whole answer; the inverse of `renderResponseEvents`. */
export interface ResponseCollector {
  take(event: ChatEvent): void;
  readonly response: ChatResponse;
}

export function createResponseCollector(createdAt: number): ResponseCollector {
  const response: ChatResponse = { id: '', model: '', createdAt, choices: [], usage: null };
  const calls = new Map<string, ToolCallPart>();
  const choiceAt = (index: number): ChatChoice => {
    response.choices[index] ??= { parts: [], finishReason: 'other', stopSequence: null };
    return response.choices[index];
  };
  return {
    response,
    take(event) {
      if (event.type === 'start') {
        response.id = event.id;
        response.model = event.model;
      } else if (event.type === 'usage') response.usage = event.usage;
      else if ('choice' in event) takeContent(choiceAt(event.choice), event, calls);
    },
  };
}

function takeContent(answer: ChatChoice, event: Extract<ChatEvent, { choice: number }>, calls: Map<string, ToolCallPart>): void {
  const { parts } = answer;
  const last = parts.at(-1);
  switch (event.type) {
    case 'text-delta':
      if (last?.type === 'text' && last.signature === undefined) last.text += event.text;
      else parts.push({ type: 'text', text: event.text });
      break;
    case 'text-signature':
      if (last?.type === 'text') last.signature = event.signature;
      else parts.push({ type: 'text', text: '', signature: event.signature });
      break;
    case 'reasoning-delta':
      if (last?.type === 'reasoning' && last.signature === undefined) last.text += event.text;
      else parts.push({ type: 'reasoning', text: event.text });
      break;
    case 'reasoning-signature':
      if (last?.type === 'reasoning') last.signature = event.signature;
      else parts.push({ type: 'reasoning', text: '', signature: event.signature });
      break;
    case 'reasoning-redacted':
      parts.push({ type: 'reasoning', text: '', redactedData: event.data });
      break;
    case 'refusal-delta':
      if (last?.type === 'refusal') last.text += event.text;
      else parts.push({ type: 'refusal', text: event.text });
      break;
    case 'image':
      parts.push({ type: 'image', source: { kind: 'base64', mediaType: event.mediaType, data: event.data } });
      break;
    case 'tool-call-start': {
      const { id, name, signature, custom } = event;
      const part: ToolCallPart = {
        type: 'tool-call',
        id,
        name,
        argumentsText: '',
        ...(signature === undefined ? {} : { signature }),
        ...(custom === true ? { custom } : {}),
      };
      calls.set(`${event.choice}:${event.call}`, part);
      parts.push(part);
      break;
    }
    case 'tool-call-delta': {
      const part = calls.get(`${event.choice}:${event.call}`);
      if (part !== undefined) part.argumentsText += event.argumentsText;
      break;
    }
    case 'tool-call-end':
      break;
    case 'finish':
      answer.finishReason = event.reason;
      answer.stopSequence = event.stopSequence;
      if (event.refusalText !== undefined) answer.refusalText = event.refusalText;
  }
}
