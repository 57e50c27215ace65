import type { ChatRequest, Tool } from '../../domain/conversation.ts';
import type { RenderContext } from './render-context.ts';
import { adaptStrictSchema, objectRoot } from './schema.ts';
import { isOffered, offersTools } from './tool-choice.ts';
import type { JsonObject, WebSearchTool, WireTool } from './wire.ts';

/**
 * The request's tools in the caller's order, hosted web search last. A caller that limits the choice to some tools gets
 * only those. Where the caller offers none but its history has tool calls, the vendor wants their tools declared.
 */
export function renderTools(request: ChatRequest, context: RenderContext): (WireTool | WebSearchTool)[] {
  if (!offersTools(request)) {
    return [...historyToolNames(request)].map((name) => ({ name: context.names.sent(name), input_schema: noArguments() }));
  }
  const tools: (WireTool | WebSearchTool)[] = [];
  for (const [index, tool] of request.tools.entries()) {
    if (isOffered(tool, request)) tools.push(renderTool(tool, `tools[${index}]`, context));
  }
  if (request.webSearch) tools.push({ type: 'web_search_20250305', name: 'web_search' });
  return tools;
}

function renderTool(tool: Tool, path: string, context: RenderContext): WireTool {
  const rendered: WireTool = { name: context.names.sent(tool.name), input_schema: noArguments() };
  const description = tool.custom ? describeCustom(tool) : tool.description;
  if (description) rendered.description = description;
  if (tool.custom) {
    rendered.input_schema = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };
    context.lose(`${path}.custom`, 'A free-text tool is sent as a function with one string argument; its grammar is not enforced.');
  } else if (tool.parameters) {
    rendered.input_schema = objectRoot(tool.parameters, (reason) => context.lose(`${path}.parameters`, reason));
    if (tool.strict) makeStrict(rendered, path, context);
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

function describeCustom(tool: Tool): string {
  const format = tool.custom?.format;
  const grammar = format === undefined || format === null ? '' : `\nThe input has to follow this format: ${JSON.stringify(format)}`;
  return `${tool.description ?? ''}\nPass the whole input as one string in "input".${grammar}`.trim();
}

function noArguments(): JsonObject {
  return { type: 'object', properties: {} };
}

function historyToolNames(request: ChatRequest): Set<string> {
  const names = new Set<string>();
  for (const message of request.messages) {
    if (message.role !== 'assistant') continue;
    for (const part of message.parts) if (part.type === 'tool-call') names.add(part.name);
  }
  return names;
}
