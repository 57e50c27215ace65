import type { ChatEvent } from '../../domain/chat-event.ts';
import type { ChatRequest, ToolCallPart } from '../../domain/conversation.ts';
import type { SentTool, ToolNameMap } from '../dialect.ts';
import { readJson, readObject } from './json-value.ts';

export interface ToolNames {
  /** The name sent upstream for the caller's name. */
  sent(name: string): string;
  toolNames: ToolNameMap;
}

/** Newer models allow 128 characters; 64 suits all. */
const nameLimit = 64;

/** Names the tools of a request and of its history as Gemini allows; the same request always gives the same names. */
export function resolveToolNames(request: ChatRequest): ToolNames {
  const custom = new Set(request.tools.filter((tool) => tool.custom !== undefined).map((tool) => tool.name));
  const names = new Set(request.tools.map((tool) => tool.name));
  for (const message of request.messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.type === 'tool-call') names.add(part.name);
  }
  // Names that may stay are taken first, so that a changed one never lands on them.
  const taken = new Set([...names].filter((name) => legalName(name) === name));
  const sentByName = new Map<string, string>();
  const toolNames = new Map<string, SentTool>();
  for (const name of names) {
    const sent = taken.has(name) ? name : freeName(legalName(name), taken);
    taken.add(sent);
    sentByName.set(name, sent);
    if (sent !== name || custom.has(name)) toolNames.set(sent, { name, custom: custom.has(name) });
  }
  return { sent: (name) => sentByName.get(name) ?? legalName(name), toolNames };
}

/** Gives the tool call of a whole answer its caller's name and shape back. */
export function restoreToolCall(part: ToolCallPart, toolNames: ToolNameMap | undefined): ToolCallPart {
  const tool = toolNames?.get(part.name);
  if (tool === undefined) return part;
  if (!tool.custom) return { ...part, name: tool.name };
  return { ...part, name: tool.name, custom: true, argumentsText: unwrapInput(part.argumentsText) };
}

/** The same for one event of a stream: here a call's arguments always arrive whole, in one delta. */
export function createToolCallRestorer(toolNames: ToolNameMap | undefined): (event: ChatEvent) => ChatEvent {
  const customCalls = new Set<string>();
  return (event) => {
    if (event.type === 'tool-call-start') {
      const tool = toolNames?.get(event.name);
      if (tool === undefined) return event;
      if (!tool.custom) return { ...event, name: tool.name };
      customCalls.add(`${event.choice}:${event.call}`);
      return { ...event, name: tool.name, custom: true };
    }
    if (event.type === 'tool-call-delta' && customCalls.has(`${event.choice}:${event.call}`)) {
      return { ...event, argumentsText: unwrapInput(event.argumentsText) };
    }
    return event;
  };
}

/** The string inside `{"input": "…"}`; anything else is given as it is. */
function unwrapInput(argumentsText: string): string {
  const input = readObject(readJson(argumentsText))?.['input'];
  return typeof input === 'string' ? input : argumentsText;
}

/** First a letter or "_", then letters, digits and "_.:-". */
function legalName(name: string): string {
  const legal = name.replace(/[^A-Za-z0-9_.:-]/g, '_');
  return (/^[A-Za-z_]/.test(legal) ? legal : `_${legal}`).slice(0, nameLimit);
}

function freeName(base: string, taken: ReadonlySet<string>): string {
  let name = base;
  for (let n = 2; taken.has(name); n++) {
    const suffix = `_${n}`;
    name = base.slice(0, nameLimit - suffix.length) + suffix;
  }
  return name;
}
