import type { ChatRequest, Tool, ToolChoice } from '../../domain/conversation.ts';
import { adaptSchema } from './json-schema.ts';
import type { JsonObject } from './json-value.ts';
import type { RenderContext } from './render-context.ts';
import type { WireFunctionDeclaration } from './wire.ts';

/** `tools` and `toolConfig` of the body; empty where the request has no tools. */
export function renderTools(request: ChatRequest, context: RenderContext): JsonObject {
  const declarations = request.tools.map((tool, index) => renderTool(tool, `tools[${index}]`, context));
  if (request.parallelToolCalls === false && declarations.length > 0) {
    context.lose('parallel_tool_calls', 'Gemini has no switch for parallel tool calls.');
  }
  if (declarations.length === 0) return request.webSearch ? { tools: [{ googleSearch: {} }] } : {};
  if (request.webSearch) {
    // Together they need includeServerSideToolInvocations, and then Google's own calls in every later request.
    context.lose('web_search', 'Gemini searches the web only in requests without function tools.');
  }
  const choice = request.toolChoice === null ? null : renderToolChoice(request.toolChoice, context);
  return {
    tools: [{ functionDeclarations: declarations }],
    ...(choice !== null && { toolConfig: { functionCallingConfig: choice } }),
  };
}

function renderTool(tool: Tool, path: string, context: RenderContext): WireFunctionDeclaration {
  const rendered: WireFunctionDeclaration = { name: context.names.sent(tool.name) };
  const description = tool.custom === undefined ? tool.description : describeCustom(tool);
  if (description) rendered.description = description;
  if (tool.strict === true) context.lose(`${path}.strict`, 'Gemini does not promise arguments that follow the schema.');
  if (tool.custom !== undefined) {
    context.lose(`${path}.custom`, 'A free-text tool is sent as a function with one string argument; its grammar is not enforced.');
    rendered.parametersJsonSchema = { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] };
  } else if (tool.parameters !== null) {
    const { schema, dropped } = adaptSchema(tool.parameters);
    if (dropped.length > 0) context.lose(`${path}.parameters`, `Gemini's schemas have no ${dropped.join(', ')}.`);
    rendered.parametersJsonSchema = objectRoot(schema);
  }
  return rendered;
}

/** Arguments are always an object, whatever the schema says or leaves out. */
function objectRoot(schema: JsonObject): JsonObject {
  const isOpen = schema['properties'] === undefined && schema['anyOf'] === undefined && schema['oneOf'] === undefined;
  return { ...schema, type: 'object', ...(isOpen && { properties: {} }) };
}

function describeCustom(tool: Tool): string {
  const format = tool.custom?.format;
  const grammar = format === undefined || format === null ? '' : `\nThe input has to follow this format: ${JSON.stringify(format)}`;
  return `${tool.description ?? ''}\nPass the whole input as one string in "input".${grammar}`.trim();
}

function renderToolChoice(choice: ToolChoice, { names }: RenderContext): JsonObject {
  switch (choice.type) {
    case 'none':
      return { mode: 'NONE' };
    case 'auto':
      return { mode: 'AUTO' };
    case 'required':
      return { mode: 'ANY' };
    case 'tool':
      return { mode: 'ANY', allowedFunctionNames: [names.sent(choice.name)] };
    case 'allowed':
      return { mode: choice.mode === 'required' ? 'ANY' : 'VALIDATED', allowedFunctionNames: choice.names.map(names.sent) };
  }
}
