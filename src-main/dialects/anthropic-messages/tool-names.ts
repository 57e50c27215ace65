import type { ChatEvent } from '../../domain/chat-event.ts';
import type { ChatRequest, ToolCallPart } from '../../domain/conversation.ts';
import { asObject } from './wire.ts';

/** What the caller calls a tool that was sent under another name or in another shape; tools sent as they are have no entry. */
interface SentTool {
  name: string;
  /** A free-text tool: it was sent as a function with one string argument, `input`. */
  custom: boolean;
}

/** Sent name → the caller's tool. */
export type ToolNameMap = ReadonlyMap<string, SentTool>;

export interface ToolNames {
  /** The name sent upstream for the caller's name. */
  sent(name: string): string;
  sentTools: ToolNameMap;
}

const nameLimit = 64;
const webSearchName = 'web_search';

/**
 * Names every tool of a request, of its tool list and its history, within the letters and length that all Claude models
 * accept. The same request always gives the same names, so prompt caches stay warm.
 */
export function resolveToolNames(request: ChatRequest): ToolNames {
  const sentByName = new Map<string, string>();
  const sentTools = new Map<string, SentTool>();
  const taken = new Set(request.webSearch ? [webSearchName] : []);
  const customNames = new Set<string>();

  function give(name: string, sent: string): void {
    taken.add(sent);
    sentByName.set(name, sent);
    const custom = customNames.has(name);
    if (custom || sent !== name) sentTools.set(sent, { name, custom });
  }

  for (const tool of request.tools) if (tool.custom) customNames.add(tool.name);
  const names = new Set([...request.tools.map((tool) => tool.name), ...callsOf(request).map((call) => call.name)]);
  // Names that may stay go first, so that a changed name never takes one of theirs.
  for (const name of names) if (legalName(name) === name && !taken.has(name)) give(name, name);
  for (const name of names) if (!sentByName.has(name)) give(name, freeName(legalName(name), taken));
  return { sent: (name) => sentByName.get(name) ?? legalName(name), sentTools };
}

/** Gives a whole answer's tool call its caller's name back. */
export function renameToolCall(call: ToolCallPart, sentTools: ToolNameMap): ToolCallPart {
  const tool = sentTools.get(call.name);
  if (!tool) return call;
  if (!tool.custom) return { ...call, name: tool.name };
  return { ...call, name: tool.name, argumentsText: unwrapInput(call.argumentsText), custom: true };
}

/**
 * Gives streamed tool calls their caller's names back. The argument JSON of free-text tools is held until the call ends,
 * because only the string inside it is the caller's.
 */
export function createToolCallRenamer(sentTools: ToolNameMap): (events: ChatEvent[]) => ChatEvent[] {
  const held = new Map<number, string>();

  function rename(event: ChatEvent): ChatEvent[] {
    if (event.type === 'tool-call-start') {
      const tool = sentTools.get(event.name);
      if (!tool) return [event];
      if (!tool.custom) return [{ ...event, name: tool.name }];
      held.set(event.call, '');
      return [{ ...event, name: tool.name, custom: true }];
    }
    if (event.type === 'tool-call-delta') {
      const text = held.get(event.call);
      if (text === undefined) return [event];
      held.set(event.call, text + event.argumentsText);
      return [];
    }
    if (event.type === 'tool-call-end') {
      const text = held.get(event.call);
      if (text === undefined) return [event];
      held.delete(event.call);
      return [{ type: 'tool-call-delta', choice: event.choice, call: event.call, argumentsText: unwrapInput(text) }, event];
    }
    return [event];
  }

  return (events) => (sentTools.size === 0 ? events : events.flatMap(rename));
}

/** The string inside `{"input": "…"}`; anything else is given as it is. */
function unwrapInput(argumentsText: string): string {
  try {
    const input = asObject(JSON.parse(argumentsText))?.['input'];
    return typeof input === 'string' ? input : argumentsText;
  } catch {
    return argumentsText;
  }
}

function callsOf(request: ChatRequest): ToolCallPart[] {
  const calls: ToolCallPart[] = [];
  for (const message of request.messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.type === 'tool-call') calls.push(part);
  }
  return calls;
}

function legalName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, nameLimit) || 'tool';
}

function freeName(base: string, taken: ReadonlySet<string>): string {
  let name = base;
  for (let n = 2; taken.has(name); n++) {
    const suffix = `_${n}`;
    name = base.slice(0, nameLimit - suffix.length) + suffix;
  }
  return name;
}
