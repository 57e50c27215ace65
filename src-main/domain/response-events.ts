import type { ChatEvent } from './chat-event.ts';
import type { AssistantPart, ChatResponse } from './conversation.ts';

/** A whole answer as the events it would have streamed. */
export function renderResponseEvents(response: ChatResponse): ChatEvent[] {
  const events: ChatEvent[] = [{ type: 'start', id: response.id, model: response.model }];
  response.choices.forEach((answer, choice) => {
    let call = 0;
    for (const part of answer.parts) {
      events.push(...renderPartEvents(part, choice, call));
      if (part.type === 'tool-call') call++;
    }
  });
  if (response.usage !== null) events.push({ type: 'usage', usage: response.usage });
  response.choices.forEach(({ finishReason, stopSequence, refusalText }, choice) => {
    events.push({ type: 'finish', choice, reason: finishReason, stopSequence, ...(refusalText === undefined ? {} : { refusalText }) });
  });
  return [...events, { type: 'end' }];
}

function renderPartEvents(part: AssistantPart, choice: number, call: number): ChatEvent[] {
  switch (part.type) {
    case 'text':
      return [
        { type: 'text-delta', choice, text: part.text },
        ...(part.signature === undefined ? [] : [{ type: 'text-signature', choice, signature: part.signature } as const]),
      ];
    case 'reasoning':
      if (part.redactedData !== undefined) return [{ type: 'reasoning-redacted', choice, data: part.redactedData }];
      return [
        { type: 'reasoning-delta', choice, text: part.text },
        ...(part.signature === undefined ? [] : [{ type: 'reasoning-signature', choice, signature: part.signature } as const]),
      ];
    case 'refusal':
      return [{ type: 'refusal-delta', choice, text: part.text }];
    case 'image':
      return part.source.kind === 'base64' ? [{ type: 'image', choice, mediaType: part.source.mediaType, data: part.source.data }] : [];
    case 'tool-call':
      return [
        {
          type: 'tool-call-start',
          choice,
          call,
          id: part.id,
          name: part.name,
          ...(part.signature === undefined ? {} : { signature: part.signature }),
          ...(part.custom === true ? { custom: true } : {}),
        },
        { type: 'tool-call-delta', choice, call, argumentsText: part.argumentsText },
        { type: 'tool-call-end', choice, call },
      ];
  }
}
