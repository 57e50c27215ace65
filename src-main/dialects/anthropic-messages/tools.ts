import type { ChatRequest, Tool } from '../../domain/conversation.ts';
import type { JsonObject } from '../json-value.ts';
import { calledToolNames, wrapCustomTool } from '../tool-names.ts';
import type { RenderContext } from './render-context.ts';
import { adaptStrictSchema, objectRoot } from './schema.ts';
import { isOffered, offersTools } from './tool-choice.ts';
import type { WebSearchTool, WireTool } from './wire.ts';

/** The vendor's own tool; the caller's may not have its name beside it. */
export const webSearchName = 'web_search';

/**
 * The request's tools in the caller's order, hosted web search last. A caller that limits the choice to some tools gets
 * only those. Where the caller offers none but its history has tool calls, the vendor wants their tools declared.
 */
export function renderTools(request: ChatRequest, context: RenderContext): (WireTool | WebSearchTool)[] {
  if (!offersTools(request)) {
    return [...calledToolNames(request)].map((name) => ({ name: context.names.sent(name), input_schema: noArguments() }));
  }
  const tools: (WireTool | WebSearchTool)[] = [];
  for (const [index, tool] of request.tools.entries()) {
    if (isOffered(tool, request)) tools.push(renderTool(tool, `tools[${index}]`, context));
  }
  if (request.webSearch) tools.push({ type: 'web_search_20250305', name: webSearchName });
  return tools;
}

function renderTool(tool: Tool, path: string, context: RenderContext): WireTool {
  if (tool.custom) {
    context.lose(`${path}.custom`, 'A free-text tool is sent as a function with one string argument; its grammar is not enforced.');
  }
  const { description, parameters, strict } = tool.custom ? wrapCustomTool(tool) : tool;
  const rendered: WireTool = { name: context.names.sent(tool.name), input_schema: noArguments() };
  if (description) rendered.description = description;
  if (parameters) {
    rendered.input_schema = objectRoot(parameters, (reason) => context.lose(`${path}.parameters`, reason));
    if (strict) makeStrict(rendered, path, context);
  }
  return context.marks.mark(rendered, tool, path);
}

function makeStrict(tool: WireTool, path: string, context: RenderContext): void {
  const reasons: string[] = [];
  const schema = context.capabilities.structuredOutputs ? adaptStrictSchema(tool.input_schema, (reason) => reasons.push(reason)) : null;
  if (schema === null) {
    context.lose(`${path}.strict`, 'This model cannot enforce this schema; arguments may not follow it.');
    return;
  }
  for (const reason of reasons) context.lose(`${path}.parameters`, reason);
  tool.input_schema = schema;
  tool.strict = true;
}

function noArguments(): JsonObject {
  return { type: 'object', properties: {} };
}
