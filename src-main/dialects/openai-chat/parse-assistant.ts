import type { AssistantPart, ToolCallPart } from '../../domain/conversation.ts';
import { asList, type JsonObject } from '../json-value.ts';
import { markLast, readCacheMark } from './cache-mark.ts';
import { contentList, parseImagePart, parseTextPart, partPath } from './parse-content.ts';
import { readThinking, readThoughtSignature } from './read-answer.ts';
import { parseReasoning } from './reasoning-details.ts';
import { readArray, readObject, readString, reject, requireObject, requireString } from './request-field.ts';

/** Parts of an assistant message, in the order every dialect needs: reasoning, then what was said, then tool calls. */
export function parseAssistantMessage(message: JsonObject, path: string): AssistantPart[] {
  const calls = readArray(message, 'tool_calls', `${path}.tool_calls`).map((call, at) => parseToolCall(call, `${path}.tool_calls[${at}]`));
  const legacyCall = readObject(message, 'function_call', `${path}.function_call`);
  if (legacyCall !== null) calls.push(parseLegacyCall(legacyCall, path));
  const said = parseSaid(message, path);
  const refusal = readString(message, 'refusal', `${path}.refusal`);
  if (refusal) said.push({ type: 'refusal', text: refusal });
  signLastText(said, message);
  const parts = [...parseReasoning(message), ...said, ...calls];
  return markLast(parts, readCacheMark(message));
}

/** The id under which a deprecated `function_call` and its answer find each other; the wire has none. */
export function legacyCallId(messagePath: string): string {
  return `function_call_${messagePath.replace(/\D+/g, '')}`;
}

function parseSaid(message: JsonObject, path: string): AssistantPart[] {
  const { content } = message;
  const where = `${path}.content`;
  const list = content === null || content === undefined ? [] : contentList(content, where);
  const parts = list.flatMap((part, at) => parseAssistantPart(part, partPath(content, where, at)));
  const images = asList(message.images).map((image, at) => {
    const imagePath = `${path}.images[${at}]`;
    return parseAssistantImage(requireObject(image, imagePath), imagePath);
  });
  return [...parts, ...images];
}

/** Empty text is left out: dialects with blocks refuse it beside a tool call. */
function parseAssistantPart(part: JsonObject, path: string): AssistantPart[] {
  switch (part.type) {
    case 'text': {
      const text = parseTextPart(part, path);
      return text.text === '' ? [] : [text];
    }
    case 'refusal':
      return [{ type: 'refusal', text: requireString(part, 'refusal', `${path}.refusal`) }];
    case 'thinking':
      return [{ type: 'reasoning', text: readThinking(part.thinking) }];
    case 'image_url':
      return [parseAssistantImage(part, path)];
    default:
      return reject(`${path}.type`, `is ${JSON.stringify(part.type)}, which is not known; use "text" or "refusal" in assistant messages`);
  }
}

function parseAssistantImage(part: JsonObject, path: string): AssistantPart {
  const parsed = parseImagePart(part, path);
  return parsed.type === 'image' ? parsed : reject(path, 'must be an image in an assistant message');
}

function parseToolCall(value: unknown, path: string): ToolCallPart {
  const call = requireObject(value, path);
  const id = requireString(call, 'id', `${path}.id`);
  const mark = readCacheMark(call);
  const type = call.type ?? 'function';
  if (type === 'custom') {
    const custom = requireObject(call.custom, `${path}.custom`);
    const name = requireString(custom, 'name', `${path}.custom.name`);
    const input = readString(custom, 'input', `${path}.custom.input`) ?? '';
    return { type: 'tool-call', id, name, argumentsText: input, custom: true, ...mark };
  }
  if (type !== 'function') return reject(`${path}.type`, 'must be "function" or "custom"');
  const called = requireObject(call.function, `${path}.function`);
  const name = requireString(called, 'name', `${path}.function.name`);
  const signature = readThoughtSignature(call);
  return {
    type: 'tool-call',
    id,
    name,
    argumentsText: readArguments(called, `${path}.function.arguments`),
    ...(signature === null ? {} : { signature, signatureOrigin: { dialect: 'gemini-generate', model: '' } }),
    ...mark,
  };
}

function parseLegacyCall(called: JsonObject, messagePath: string): ToolCallPart {
  const path = `${messagePath}.function_call`;
  const name = requireString(called, 'name', `${path}.name`);
  return { type: 'tool-call', id: legacyCallId(messagePath), name, argumentsText: readArguments(called, `${path}.arguments`) };
}

function readArguments(called: JsonObject, path: string): string {
  const value = called.arguments ?? '';
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : reject(path, 'must be a string of JSON');
}

function signLastText(parts: AssistantPart[], message: JsonObject): void {
  const signature = readThoughtSignature(message);
  const last = parts.findLast((part) => part.type === 'text');
  if (signature !== null && last !== undefined) last.signature = signature;
}
