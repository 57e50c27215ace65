import type { ChatRequest, Tool } from '../../domain/conversation.ts';
import type { ToolNames } from '../tool-names.ts';
import type { ModelCapabilities } from './capabilities.ts';
import type { Lose } from './lose.ts';
import type { WireToolChoice } from './wire.ts';

interface ToolChoicePlan {
  choice: WireToolChoice | null;
  /** Said in the system prompt where the choice itself cannot be enforced. */
  instruction: string | null;
}

/** A caller may limit the choice to some of its tools; the others are not sent. */
export function isOffered(tool: Tool, request: ChatRequest): boolean {
  return request.toolChoice?.type !== 'allowed' || request.toolChoice.names.includes(tool.name);
}

export function offersTools(request: ChatRequest): boolean {
  return request.webSearch || request.tools.some((tool) => isOffered(tool, request));
}

/** The caller wants at least one tool call for certain. */
export function isForcedChoice(request: ChatRequest): boolean {
  const choice = request.toolChoice;
  if (!choice || !offersTools(request)) return false;
  return choice.type === 'required' || choice.type === 'tool' || (choice.type === 'allowed' && choice.mode === 'required');
}

/** @param thinks the model will think in this call, so it rejects a forced choice */
export function resolveToolChoice(
  request: ChatRequest,
  capabilities: ModelCapabilities,
  names: ToolNames,
  thinks: boolean,
  lose: Lose,
): ToolChoicePlan {
  const { toolChoice, parallelToolCalls } = request;
  if (!offersTools(request)) return { choice: hasToolCalls(request) ? { type: 'none' } : null, instruction: null };
  if (toolChoice?.type === 'none') return { choice: { type: 'none' }, instruction: null };
  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true as const } : {};
  if (!isForcedChoice(request)) {
    const isDefault = toolChoice === null && parallelToolCalls !== false;
    return { choice: isDefault ? null : { type: 'auto', ...single }, instruction: null };
  }
  const name = toolChoice?.type === 'tool' ? names.sent(toolChoice.name) : null;
  if (capabilities.forcedToolChoice === 'never' || thinks) {
    lose('toolChoice', 'This model rejects a forced tool choice here; it is told to call the tool, but may not.');
    const instruction = name === null ? 'You must answer with a tool call.' : `You must answer with a call of the tool "${name}".`;
    return { choice: { type: 'auto', ...single }, instruction };
  }
  return { choice: name === null ? { type: 'any', ...single } : { type: 'tool', name, ...single }, instruction: null };
}

/** A history with tool calls needs its tools declared even where none is offered now; they must not be called then. */
function hasToolCalls(request: ChatRequest): boolean {
  return request.messages.some((message) => message.role === 'assistant' && message.parts.some((part) => part.type === 'tool-call'));
}
