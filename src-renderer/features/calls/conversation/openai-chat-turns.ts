import {
  asList,
  asRecord,
  asText,
  type Json,
  mediaFromBase64,
  mediaFromUrl,
  rawPart,
  renderInput,
  textOf,
  textPart,
} from './json-fields.ts';
import { readContent, readInputAudio, readToolName } from './read-parts.ts';
import type { Part, Reading, Role, Turn } from './turn.ts';

export function readChatRequest(body: Json): Reading {
  const turns = asList(body['messages']).map(readMessage);
  const prompt = body['prompt'];
  if (prompt !== undefined) turns.push({ role: 'user', parts: [{ kind: 'text', text: renderInput(prompt) }] });
  return { turns, tools: readToolNames(body['tools'] ?? body['functions']) };
}

export function readChatReply(body: Json): Reading {
  const choices = asList(body['choices']);
  const turns = choices.map((choice): Turn => {
    const text = asText(choice['text']);
    return text === null
      ? readMessage({ role: 'assistant', ...asRecord(choice['message']) })
      : { role: 'assistant', parts: textPart(text) };
  });
  return { turns, finish: textOf(choices[0] ?? {}, 'finish_reason') };
}

function readToolNames(tools: unknown): string[] {
  return asList(tools).map((tool) => {
    const inner = asRecord(tool['function'] ?? tool['custom']);
    return textOf(inner, 'name') ?? readToolName(tool);
  });
}

const roles: Record<string, Role> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
  function: 'tool',
};
const knownFields = new Set([
  'role',
  'content',
  'refusal',
  'reasoning',
  'reasoning_content',
  'reasoning_details',
  'tool_calls',
  'function_call',
  'tool_call_id',
  'name',
  'audio',
  'annotations',
  'text',
]);

function readMessage(message: Json): Turn {
  const role = roles[String(message['role'])] ?? 'user';
  const content = readContent(message['content'], readContentPart);
  if (role === 'tool') {
    const callId = asText(message['tool_call_id']);
    return {
      role,
      parts: [{ kind: 'tool-result', callId, name: asText(message['name']), isError: false, parts: content }, ...readRest(message)],
    };
  }
  const refusal = asText(message['refusal']);
  return {
    role,
    parts: [
      ...readReasoning(message),
      ...content,
      ...(refusal ? [{ kind: 'text' as const, text: refusal }] : []),
      ...asList(message['tool_calls']).map(readToolCall),
      ...(message['function_call'] ? [readToolCall({ function: message['function_call'] })] : []),
      ...readAudio(message['audio']),
      ...(Array.isArray(message['annotations']) && message['annotations'].length > 0
        ? [rawPart('annotations', message['annotations'])]
        : []),
      ...readRest(message),
    ],
  };
}

function readRest(message: Json): Part[] {
  const rest = Object.entries(message).filter(([name, value]) => !knownFields.has(name) && value !== null);
  return rest.map(([name, value]) => rawPart(name, value));
}

function readReasoning(message: Json): Part[] {
  const text = textOf(message, 'reasoning_content', 'reasoning');
  if (text) return [{ kind: 'thinking', text }];
  const details = asList(message['reasoning_details']);
  const joined = details.map((detail) => textOf(detail, 'text', 'summary') ?? '').join('');
  if (joined !== '') return [{ kind: 'thinking', text: joined }];
  return details.length === 0 ? [] : [rawPart('reasoning_details', details)];
}

function readToolCall(call: Json): Part {
  const inner = asRecord(call['function'] ?? call['custom']);
  const name = textOf(inner, 'name') ?? '?';
  return {
    kind: 'tool-call',
    callId: asText(call['id']),
    name,
    input: renderInput(inner['arguments'] ?? inner['input'] ?? ''),
    result: null,
  };
}

function readAudio(audio: unknown): Part[] {
  if (!audio) return [];
  const { data, transcript } = asRecord(audio);
  const text = textPart(asText(transcript));
  return typeof data === 'string' ? [mediaFromBase64(data, 'audio'), ...text] : [rawPart('audio', audio), ...text];
}

function readContentPart(part: Json): Part[] {
  const type = String(part['type']);
  const text = textOf(part, 'text', 'refusal');
  if ((type === 'text' || type === 'refusal') && text !== null) return [{ kind: 'text', text }];
  if (type === 'image_url') return [mediaFromUrl(asText(part['image_url']) ?? textOf(asRecord(part['image_url']), 'url'), 'image')];
  const audio = type === 'input_audio' ? readInputAudio(part) : null;
  if (audio !== null) return [audio];
  if (type === 'file') {
    const file = asRecord(part['file']);
    return [mediaFromUrl(textOf(file, 'file_data', 'file_id'), 'file', textOf(file, 'filename'))];
  }
  return [rawPart(type, part)];
}
