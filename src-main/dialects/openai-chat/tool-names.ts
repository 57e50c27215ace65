import type { ChatRequest, Tool } from '../../domain/conversation.ts';
import type { SentTool, ToolNameMap } from '../dialect.ts';

/** How the tools of one request go upstream. */
export interface ToolNames {
  /** The name sent upstream for the caller's name. */
  sent(name: string): string;
  /** Free-text tools go as functions of one string: few servers beside OpenAI know `custom`. */
  wrapsCustom: boolean;
  toolNames: ToolNameMap;
}

/** OpenAI's limit (platform.openai.com, "Function calling"). */
const nameLimit = 64;

/** Names every tool of a request and of its history as OpenAI allows; the same request always gives the same names. */
export function resolveToolNames(request: ChatRequest, acceptsCustom: boolean): ToolNames {
  const custom = new Set(request.tools.filter(isCustom).map((tool) => tool.name));
  const names = new Set([...request.tools.map((tool) => tool.name), ...calledNames(request)]);
  // Names that may stay are taken first, so that a changed one never lands on them.
  const taken = new Set([...names].filter((name) => legalName(name) === name));
  const sentByName = new Map<string, string>();
  const toolNames = new Map<string, SentTool>();
  for (const name of names) {
    const sent = taken.has(name) ? name : freeName(legalName(name), taken);
    taken.add(sent);
    sentByName.set(name, sent);
    const isWrapped = custom.has(name) && !acceptsCustom;
    if (sent !== name || isWrapped) toolNames.set(sent, { name, custom: isWrapped });
  }
  return { sent: (name) => sentByName.get(name) ?? name, wrapsCustom: !acceptsCustom, toolNames };
}

/** A free-text tool as a function whose one argument is the text. */
export function wrapCustomTool(tool: Tool): Tool {
  const grammar = tool.custom?.format == null ? '' : ` It must be of this format: ${JSON.stringify(tool.custom.format)}`;
  return {
    name: tool.name,
    description: `${tool.description ?? ''}\nThe argument "input" is the whole text of the call.${grammar}`.trim(),
    parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
    strict: null,
  };
}

function isCustom(tool: Tool): boolean {
  return tool.custom !== undefined;
}

function calledNames(request: ChatRequest): string[] {
  const answers = request.messages.filter((message) => message.role === 'assistant');
  return answers.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'tool-call' ? [part.name] : [])));
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
