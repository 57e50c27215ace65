import type { Tool, ToolChoice } from '../../domain/conversation.ts';
import { asObject, type JsonObject } from '../json-value.ts';
import { readCacheMark } from './cache-mark.ts';
import { readArray, readBoolean, readObject, readString, reject, requireObject, requireString } from './request-field.ts';

export interface ParsedTools {
  tools: Tool[];
  /** A hosted web search was among them. */
  webSearch: boolean;
}

/** `tools` and the deprecated `functions`. */
export function parseTools(body: JsonObject): ParsedTools {
  const tools: Tool[] = [];
  let webSearch = false;
  for (const [at, entry] of readArray(body, 'tools').entries()) {
    const path = `tools[${at}]`;
    const wire = requireObject(entry, path);
    if (typeof wire.type === 'string' && wire.type.startsWith('web_search')) webSearch = true;
    else tools.push(parseTool(wire, path));
  }
  for (const [at, entry] of readArray(body, 'functions').entries()) {
    tools.push(parseFunction(requireObject(entry, `functions[${at}]`), `functions[${at}]`));
  }
  return { tools, webSearch };
}

function parseTool(wire: JsonObject, path: string): Tool {
  if (wire.type === 'custom')
    return { ...parseCustomTool(requireObject(wire.custom, `${path}.custom`), `${path}.custom`), ...readCacheMark(wire) };
  if (wire.type !== 'function')
    return reject(`${path}.type`, `is ${JSON.stringify(wire.type)}, which is not known; use "function" or "custom"`);
  const definition = requireObject(wire.function, `${path}.function`);
  return { ...parseFunction(definition, `${path}.function`), ...readCacheMark(definition), ...readCacheMark(wire) };
}

function parseFunction(definition: JsonObject, path: string): Tool {
  return {
    name: requireString(definition, 'name', `${path}.name`),
    description: readString(definition, 'description', `${path}.description`),
    parameters: readObject(definition, 'parameters', `${path}.parameters`),
    strict: readBoolean(definition, 'strict', `${path}.strict`),
  };
}

/** The neutral form keeps a grammar flat, as the Responses API writes it; this dialect nests it. */
function parseCustomTool(definition: JsonObject, path: string): Tool {
  const format = readObject(definition, 'format', `${path}.format`);
  const grammar = asObject(format?.grammar);
  return {
    name: requireString(definition, 'name', `${path}.name`),
    description: readString(definition, 'description', `${path}.description`),
    parameters: null,
    strict: null,
    custom: { format: grammar === null ? format : { type: 'grammar', ...grammar } },
  };
}

/** `tool_choice` or the deprecated `function_call`; Mistral's "any" means "required". */
export function parseToolChoice(body: JsonObject): ToolChoice | null {
  const key = body.tool_choice == null ? 'function_call' : 'tool_choice';
  const choice = body[key] ?? null;
  if (choice === null) return null;
  if (choice === 'none' || choice === 'auto' || choice === 'required') return { type: choice };
  if (choice === 'any') return { type: 'required' };
  if (typeof choice === 'string') return reject(key, 'must be "none", "auto", "required" or an object naming a tool');
  const wire = requireObject(choice, key);
  if (wire.type === 'allowed_tools') return parseAllowedTools(wire, key);
  const kind = key === 'function_call' ? null : wire.type;
  if (kind !== null && kind !== 'function' && kind !== 'custom')
    return reject(`${key}.type`, 'must be "function", "custom" or "allowed_tools"');
  const path = kind === null ? key : `${key}.${kind}`;
  const named = kind === null ? wire : requireObject(wire[kind], path);
  return { type: 'tool', name: requireString(named, 'name', `${path}.name`) };
}

function parseAllowedTools(wire: JsonObject, key: string): ToolChoice {
  const path = `${key}.allowed_tools`;
  const allowed = requireObject(wire.allowed_tools, path);
  const { mode } = allowed;
  if (mode !== 'auto' && mode !== 'required') return reject(`${path}.mode`, 'must be "auto" or "required"');
  const names = readArray(allowed, 'tools', `${path}.tools`).map((entry, at) => {
    const toolPath = `${path}.tools[${at}]`;
    const tool = requireObject(entry, toolPath);
    const named = asObject(tool.function) ?? asObject(tool.custom) ?? tool;
    return requireString(named, 'name', `${toolPath}.name`);
  });
  return { type: 'allowed', mode, names };
}
