import type { Message, ToolResult, UnmappedField } from '../../domain/conversation.ts';
import { asObject, asText, type JsonObject } from '../json-value.ts';
import { markLast, readCacheMark } from './cache-mark.ts';
import { legacyCallId, parseAssistantMessage } from './parse-assistant.ts';
import { parseResultContent, parseTextContent, parseUserContent } from './parse-content.ts';
import { noteUnmapped, reject, requireObject, requireString } from './request-field.ts';

const takenFields = new Set([
  'role',
  'content',
  'refusal',
  'tool_calls',
  'function_call',
  'tool_call_id',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  'images',
  'extra_content',
  'cache_control',
  'prompt_cache_breakpoint',
]);

/**
 * The caller's messages in their order and of any number. Consecutive tool messages become one message of results.
 * @throws GatewayError invalid_request with `param` such as "messages[3].content"
 */
export function parseMessages(value: unknown, unmapped: UnmappedField[]): Message[] {
  if (!Array.isArray(value) || value.length === 0) reject('messages', 'must be an array of at least one message');
  const messages: Message[] = [];
  const legacyCalls = new Map<string, string>();
  for (const [at, entry] of (value as unknown[]).entries()) {
    const path = `messages[${at}]`;
    const wire = requireObject(entry, path);
    const message = parseMessage(wire, path, legacyCalls);
    const previous = messages.at(-1);
    if (message.role === 'tool' && previous?.role === 'tool') previous.results.push(...message.results);
    else messages.push(message);
    noteLegacyCall(wire, path, legacyCalls);
    unmapped.push(...noteUnmapped(wire, fieldsTakenFrom(wire), `${path}.`, () => 'only OpenAI chat knows this message field'));
  }
  return messages;
}

function parseMessage(wire: JsonObject, path: string, legacyCalls: ReadonlyMap<string, string>): Message {
  const content = `${path}.content`;
  switch (wire.role) {
    case 'system':
    case 'developer':
      return { role: 'system', parts: markLast(parseTextContent(wire.content, content), readCacheMark(wire)) };
    case 'user':
      return { role: 'user', parts: markLast(parseUserContent(wire.content, content), readCacheMark(wire)) };
    case 'assistant':
      return { role: 'assistant', parts: parseAssistantMessage(wire, path) };
    case 'tool':
      return { role: 'tool', results: [parseToolResult(wire, path, requireString(wire, 'tool_call_id', `${path}.tool_call_id`))] };
    case 'function': {
      const name = requireString(wire, 'name', `${path}.name`);
      const result = parseToolResult(wire, path, legacyCalls.get(name) ?? legacyCallId(path));
      return { role: 'tool', results: [{ ...result, name }] };
    }
    default:
      return reject(`${path}.role`, `is ${JSON.stringify(wire.role)}; use "system", "developer", "user", "assistant" or "tool"`);
  }
}

function parseToolResult(wire: JsonObject, path: string, callId: string): ToolResult {
  const name = asText(wire.name);
  return { callId, ...(name === null ? {} : { name }), parts: parseResultContent(wire.content, `${path}.content`), ...readCacheMark(wire) };
}

/** A deprecated `function` message answers the latest call of its name. */
function noteLegacyCall(wire: JsonObject, path: string, legacyCalls: Map<string, string>): void {
  const name = asText(asObject(wire.function_call)?.name);
  if (name !== null) legacyCalls.set(name, legacyCallId(path));
}

function fieldsTakenFrom(wire: JsonObject): ReadonlySet<string> {
  return wire.role === 'tool' || wire.role === 'function' ? fieldsOfResults : takenFields;
}

const fieldsOfResults = new Set([...takenFields, 'name']);
