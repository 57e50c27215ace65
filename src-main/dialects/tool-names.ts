import type { ChatEvent } from '../domain/chat-event.ts';
import type { ChatRequest, Tool, ToolCallPart } from '../domain/conversation.ts';
import type { SentTool, ToolNameMap } from './dialect.ts';
import { asObject, parseJson } from './json-value.ts';

/** What an upstream takes as a tool. */
export interface ToolRules {
  /** The name itself where it is allowed, else the nearest allowed one; `toolNameLimit` characters at most. */
  legalName(name: string): string;
  /** Names that the upstream's own tools have in this request. */
  reserved?: readonly string[];
  /** Free-text tools are sent as functions, see `wrapCustomTool`. */
  wrapsCustom: boolean;
}

/** How the tools of one request are sent. */
export interface ToolNames {
  /** The name sent upstream for the caller's name. */
  sent(name: string): string;
  /** For the parser of the answer. */
  sentTools: ToolNameMap;
  wrapsCustom: boolean;
}

/** What all vendors allow; some newer models take more. */
export const toolNameLimit = 64;

/** Letters, digits, "_" and "-": the names that OpenAI and Anthropic allow. */
export function plainToolName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, toolNameLimit) || 'tool';
}

/** Names every tool of a request and of its history. The same request always gives the same names, so prompt caches stay warm. */
export function resolveToolNames(request: ChatRequest, { legalName, reserved = [], wrapsCustom }: ToolRules): ToolNames {
  const wrapped = new Set(wrapsCustom ? request.tools.filter((tool) => tool.custom).map((tool) => tool.name) : []);
  const names = new Set([...request.tools.map((tool) => tool.name), ...calledToolNames(request)]);
  // Names that may stay are taken first, so that a changed one never lands on them.
  const stays = (name: string) => legalName(name) === name && !reserved.includes(name);
  const taken = new Set([...reserved, ...[...names].filter(stays)]);
  const sentByName = new Map<string, string>();
  const sentTools = new Map<string, SentTool>();
  for (const name of names) {
    const sent = stays(name) ? name : freeName(legalName(name), taken);
    taken.add(sent);
    sentByName.set(name, sent);
    if (sent !== name || wrapped.has(name)) sentTools.set(sent, { name, custom: wrapped.has(name) });
  }
  return { sent: (name) => sentByName.get(name) ?? legalName(name), sentTools, wrapsCustom };
}

/** Names of the tools that the history has calls of. */
export function calledToolNames(request: ChatRequest): Set<string> {
  const names = new Set<string>();
  for (const message of request.messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.type === 'tool-call') names.add(part.name);
  }
  return names;
}

function freeName(base: string, taken: ReadonlySet<string>): string {
  let name = base;
  for (let n = 2; taken.has(name); n++) {
    const suffix = `_${n}`;
    name = base.slice(0, toolNameLimit - suffix.length) + suffix;
  }
  return name;
}

/** A free-text tool as a function whose one argument, `input`, is the text. Its grammar becomes words. */
export function wrapCustomTool(tool: Tool): Tool {
  const format = tool.custom?.format ?? null;
  const grammar = format === null ? '' : `\nThe input has to follow this format: ${JSON.stringify(format)}`;
  return {
    name: tool.name,
    description: `${tool.description ?? ''}\nPass the whole input as one string in "input".${grammar}`.trim(),
    parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
    strict: null,
  };
}

/** Gives the tool call of a whole answer its caller's name and shape back. */
export function restoreToolCall(call: ToolCallPart, sentTools: ToolNameMap | undefined): ToolCallPart {
  const tool = sentTools?.get(call.name);
  if (tool === undefined) return call;
  if (!tool.custom) return { ...call, name: tool.name };
  return { ...call, name: tool.name, argumentsText: unwrapInput(call.argumentsText), custom: true };
}

/**
 * The same for the events of a stream. The arguments of a free-text tool are held until its call ends, since only the
 * string inside them is the caller's.
 */
export function createToolCallRestorer(sentTools: ToolNameMap | undefined): (events: ChatEvent[]) => ChatEvent[] {
  if (sentTools === undefined || sentTools.size === 0) return (events) => events;
  const held = new Map<string, string>();
  return (events) => events.flatMap((event) => restoreEvent(event, sentTools, held));
}

function restoreEvent(event: ChatEvent, sentTools: ToolNameMap, held: Map<string, string>): ChatEvent[] {
  if (event.type !== 'tool-call-start' && event.type !== 'tool-call-delta' && event.type !== 'tool-call-end') return [event];
  const { choice, call } = event;
  const key = `${choice}:${call}`;
  if (event.type === 'tool-call-start') {
    const tool = sentTools.get(event.name);
    if (tool === undefined) return [event];
    if (tool.custom) held.set(key, '');
    return [{ ...event, name: tool.name, ...(tool.custom && { custom: true }) }];
  }
  const text = held.get(key);
  if (text === undefined) return [event];
  if (event.type === 'tool-call-delta') {
    held.set(key, text + event.argumentsText);
    return [];
  }
  held.delete(key);
  return [{ type: 'tool-call-delta', choice, call, argumentsText: unwrapInput(text) }, event];
}

/** The string inside `{"input": "…"}`; anything else is given as it is. */
function unwrapInput(argumentsText: string): string {
  const input = asObject(parseJson(argumentsText))?.['input'];
  return typeof input === 'string' ? input : argumentsText;
}
