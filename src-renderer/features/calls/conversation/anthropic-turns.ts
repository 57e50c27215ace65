import {
  asList,
  asRecord,
  asText,
  entryAt,
  type Json,
  mediaFromBase64,
  mediaFromUrl,
  rawPart,
  renderInput,
  textOf,
} from './json-fields.ts';
import { readContent, readToolNames } from './read-parts.ts';
import type { Part, Reading, Turn } from './turn.ts';

export function readMessagesRequest(body: Json): Reading {
  const system = readContent(body['system'], readBlock);
  const turns: Turn[] = system.length === 0 ? [] : [{ role: 'system', parts: system }];
  for (const message of asList(body['messages'])) {
    const role = message['role'] === 'assistant' || message['role'] === 'system' ? message['role'] : 'user';
    turns.push({ role, parts: readContent(message['content'], readBlock) });
  }
  return { turns, tools: readToolNames(body['tools']) };
}

export function readMessagesReply(body: Json): Reading {
  if (!Array.isArray(body['content'])) return { turns: [] };
  return { turns: [{ role: 'assistant', parts: readContent(body['content'], readBlock) }], finish: textOf(body, 'stop_reason') };
}

/** The message that a stream of events would have been. */
export function joinMessageEvents(events: readonly unknown[]): Json {
  const blocks: Json[] = [];
  const body: Json = { content: blocks };
  const unread: unknown[] = [];
  for (const event of events) {
    const record = asRecord(event);
    const index = typeof record['index'] === 'number' ? record['index'] : 0;
    const type = record['type'];
    if (type === 'content_block_start') blocks[index] = { ...asRecord(record['content_block']) };
    else if (type === 'content_block_delta')
      addDelta(
        entryAt(blocks, index, () => ({ type: 'text' })),
        asRecord(record['delta']),
      );
    else if (type === 'message_delta') Object.assign(body, asRecord(record['delta']));
    else if (!['message_start', 'content_block_stop', 'message_stop', 'ping'].includes(String(type))) unread.push(event);
  }
  body['content'] = blocks.filter(Boolean);
  return { ...body, unread };
}

function addDelta(block: Json, delta: Json): void {
  const grow = (name: string, more: unknown): void => {
    block[name] = (typeof block[name] === 'string' ? block[name] : '') + String(more ?? '');
  };
  const type = delta['type'];
  if (type === 'text_delta') grow('text', delta['text']);
  else if (type === 'thinking_delta') grow('thinking', delta['thinking']);
  else if (type === 'input_json_delta') grow('input', delta['partial_json']);
  else if (type === 'signature_delta') block['signature'] = delta['signature'];
  else block['deltas'] = [...((block['deltas'] as unknown[] | undefined) ?? []), delta];
}

function readBlock(block: Json): Part[] {
  const type = String(block['type']);
  const deltas = block['deltas'] === undefined ? [] : [rawPart('deltas', block['deltas'])];
  if (type === 'text' && typeof block['text'] === 'string') {
    const citations = Array.isArray(block['citations']) && block['citations'].length > 0 ? [rawPart('citations', block['citations'])] : [];
    return [{ kind: 'text', text: block['text'] }, ...citations, ...deltas];
  }
  if (type === 'thinking') return [{ kind: 'thinking', text: asText(block['thinking']) ?? '' }, ...deltas];
  if (type === 'redacted_thinking') return [{ kind: 'thinking', text: '' }];
  if (type === 'tool_use' || type === 'server_tool_use' || type === 'mcp_tool_use') {
    const name = textOf(block, 'name') ?? type;
    return [{ kind: 'tool-call', callId: asText(block['id']), name, input: renderInput(block['input']), result: null }];
  }
  if (type.endsWith('tool_result')) {
    const parts = type === 'tool_result' ? readContent(block['content'], readBlock) : [rawPart(type, block['content'])];
    return [{ kind: 'tool-result', callId: asText(block['tool_use_id']), name: null, isError: block['is_error'] === true, parts }];
  }
  if (type === 'image' || type === 'document') return [readSource(type, block)];
  return [rawPart(type, block)];
}

function readSource(type: string, block: Json): Part {
  const source = asRecord(block['source']);
  const name = textOf(block, 'title');
  const mediaType = textOf(source, 'media_type') ?? type;
  if (source['type'] === 'base64' && typeof source['data'] === 'string') return mediaFromBase64(source['data'], mediaType, name);
  if (source['type'] === 'url' || source['type'] === 'file') return mediaFromUrl(textOf(source, 'url', 'file_id'), mediaType, name);
  if (source['type'] === 'text' && typeof source['data'] === 'string') return { kind: 'text', text: source['data'] };
  return rawPart(type, block);
}
