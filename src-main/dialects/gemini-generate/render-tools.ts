import type { ChatRequest, Tool, ToolChoice } from '../../domain/conversation.ts';
import type { JsonObject } from '../json-value.ts';
import { toolNameLimit, wrapCustomTool } from '../tool-names.ts';
import { adaptSchema } from './json-schema.ts';
import type { RenderContext } from './render-context.ts';
import type { WireFunctionDeclaration } from './wire.ts';

/** First a letter or "_", then letters, digits and "_.:-". */
export function legalToolName(name: string): string {
  const legal = name.replace(/[^A-Za-z0-9_.:-]/g, '_');
  return (/^[A-Za-z_]/.test(legal) ? legal : `_${legal}`).slice(0, toolNameLimit);
}

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
  if (tool.strict === true) context.lose(`${path}.strict`, 'Gemini does not promise arguments that follow the schema.');
  if (tool.custom !== undefined) {
    context.lose(`${path}.custom`, 'A free-text tool is sent as a function with one string argument; its grammar is not enforced.');
  }
  const { description, parameters } = tool.custom === undefined ? tool : wrapCustomTool(tool);
  const rendered: WireFunctionDeclaration = { name: context.names.sent(tool.name) };
  if (description) rendered.description = description;
  if (parameters !== null) {
    const { schema, dropped } = adaptSchema(parameters);
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
