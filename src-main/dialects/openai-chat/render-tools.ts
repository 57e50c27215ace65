import type { ChatRequest, Tool } from '../../domain/conversation.ts';
import { asObject, type JsonObject } from '../json-value.ts';
import { type ToolNames, wrapCustomTool } from '../tool-names.ts';
import type { LossNotes } from './loss-notes.ts';
import { noteCacheMarks } from './render-content.ts';

/** "Only these tools" is said by sending only these: few servers know OpenAI's `allowed_tools`. */
export function renderTools(request: ChatRequest, names: ToolNames, losses: LossNotes): JsonObject {
  const choice = request.toolChoice;
  const tools = choice?.type === 'allowed' ? request.tools.filter((tool) => choice.names.includes(tool.name)) : request.tools;
  noteCacheMarks(tools, losses);
  if (tools.length === 0) return {};
  return {
    tools: tools.map((tool) => renderTool(tool.custom && names.wrapsCustom ? wrapCustomTool(tool) : tool, names)),
    tool_choice: renderToolChoice(request, names),
    parallel_tool_calls: request.parallelToolCalls,
  };
}

function renderTool(tool: Tool, names: ToolNames): JsonObject {
  const name = names.sent(tool.name);
  const { description, parameters, strict, custom } = tool;
  const named = description === null ? { name } : { name, description };
  if (custom !== undefined) {
    const format = renderCustomFormat(custom.format);
    return { type: 'custom', custom: format === null ? named : { ...named, format } };
  }
  const definition = { ...named, parameters: parameters ?? { type: 'object', properties: {} } };
  return { type: 'function', function: strict === null ? definition : { ...definition, strict } };
}

/** This dialect nests a grammar that the neutral form keeps flat. */
function renderCustomFormat(format: unknown): JsonObject | null {
  const wire = asObject(format);
  if (wire?.type !== 'grammar' || wire.grammar !== undefined) return wire;
  const { type, ...grammar } = wire;
  return { type, grammar };
}

function renderToolChoice({ toolChoice, tools }: ChatRequest, names: ToolNames): unknown {
  if (toolChoice === null) return null;
  switch (toolChoice.type) {
    case 'allowed':
      return toolChoice.mode;
    case 'tool': {
      const isCustom = !names.wrapsCustom && tools.some((tool) => tool.name === toolChoice.name && tool.custom !== undefined);
      const kind = isCustom ? 'custom' : 'function';
      return { type: kind, [kind]: { name: names.sent(toolChoice.name) } };
    }
    default:
      return toolChoice.type;
  }
}
