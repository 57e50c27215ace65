import type { ChatEvent } from '../../domain/chat-event.ts';
import type { ToolCallPart } from '../../domain/conversation.ts';
import type { ToolNameMap } from '../dialect.ts';
import { asObject, parseJson } from './wire-value.ts';

/** Gives the tool call of a whole answer its caller's name and shape back. */
export function restoreToolCall(part: ToolCallPart, toolNames: ToolNameMap | undefined): ToolCallPart {
  const tool = toolNames?.get(part.name);
  if (tool === undefined) return part;
  if (!tool.custom) return { ...part, name: tool.name };
  return { ...part, name: tool.name, argumentsText: unwrapInput(part.argumentsText), custom: true };
}

/**
 * The same for the events of a stream. The arguments of a free-text tool are held until its call ends, since only the
 * string inside them is the caller's.
 */
export function createToolRestorer(toolNames: ToolNameMap | undefined): (events: ChatEvent[]) => ChatEvent[] {
  if (toolNames === undefined || toolNames.size === 0) return (events) => events;
  const held = new Map<string, string>();
  return (events) => events.flatMap((event) => restoreEvent(event, toolNames, held));
}

function restoreEvent(event: ChatEvent, toolNames: ToolNameMap, held: Map<string, string>): ChatEvent[] {
  if (event.type !== 'tool-call-start' && event.type !== 'tool-call-delta' && event.type !== 'tool-call-end') return [event];
  const key = `${event.choice}:${event.call}`;
  if (event.type === 'tool-call-start') {
    const tool = toolNames.get(event.name);
    if (tool === undefined) return [event];
    if (tool.custom) held.set(key, '');
    return [{ ...event, name: tool.name, ...(tool.custom ? { custom: true } : {}) }];
  }
  const text = held.get(key);
  if (text === undefined) return [event];
  if (event.type === 'tool-call-delta') {
    held.set(key, text + event.argumentsText);
    return [];
  }
  held.delete(key);
  return [{ type: 'tool-call-delta', choice: event.choice, call: event.call, argumentsText: unwrapInput(text) }, event];
}

/** The string inside `{"input": "…"}`; anything else is given as it is. */
function unwrapInput(argumentsText: string): string {
  const input = asObject(parseJson(argumentsText))?.input;
  return typeof input === 'string' ? input : argumentsText;
}
