import { asList, asRecord, asText, type Json, mediaFromUrl, rawPart, renderInput, textOf, textPart } from './json-fields.ts';
import { readContent, readInputAudio, readToolNames } from './read-parts.ts';
import type { Part, Reading, Role, Turn } from './turn.ts';

export function readResponsesRequest(body: Json): Reading {
  const instructions = textPart(asText(body['instructions']));
  const turns: Turn[] = instructions.length === 0 ? [] : [{ role: 'system', parts: instructions }];
  const input = body['input'];
  if (typeof input === 'string') turns.push({ role: 'user', parts: textPart(input) });
  else turns.push(...readItems(asList(input)));
  return { turns, tools: readToolNames(body['tools']) };
}

export function readResponsesReply(body: Json): Reading {
  const reason = textOf(asRecord(body['incomplete_details']), 'reason');
  return { turns: readItems(asList(body['output'])), finish: reason ?? textOf(body, 'status') };
}

/** The response that a stream of events would have been: its last event has it whole, unless the stream was cut. */
export function joinResponseEvents(events: readonly unknown[]): Json {
  const items: Json[] = [];
  const unread: unknown[] = [];
  let whole: Json | null = null;
  for (const event of events) {
    const record = asRecord(event);
    const type = String(record['type']);
    const index = typeof record['output_index'] === 'number' ? record['output_index'] : 0;
    if (/^response\.(completed|incomplete|failed)$/.test(type)) whole = asRecord(record['response']);
    else if (type === 'response.output_item.added' || type === 'response.output_item.done') items[index] = { ...asRecord(record['item']) };
    else if (type.endsWith('.delta') && items[index] !== undefined) addDelta(items[index], type, String(record['delta'] ?? ''));
    else if (!type.startsWith('response.') && type !== 'keepalive') unread.push(event);
  }
  const output = Array.isArray(whole?.['output']) && whole['output'].length > 0 ? whole['output'] : items.filter(Boolean);
  return { ...whole, output, unread };
}

function addDelta(item: Json, type: string, delta: string): void {
  if (type.includes('arguments') || type.includes('custom_tool_call_input')) {
    const name = type.includes('arguments') ? 'arguments' : 'input';
    item[name] = (asText(item[name]) ?? '') + delta;
    return;
  }
  const [list, part] = type.includes('reasoning_summary') ? ['summary', 'summary_text'] : ['content', 'output_text'];
  const parts = asList(item[list]);
  const last = parts.at(-1) ?? { type: part, text: '' };
  item[list] = [...parts.slice(0, -1), { ...last, text: (asText(last['text']) ?? '') + delta }];
}

/** Items of one speaker that follow each other are one turn. */
function readItems(items: readonly Json[]): Turn[] {
  const turns: Turn[] = [];
  for (const item of items) {
    const { role, parts } = readItem(item);
    const last = turns.at(-1);
    if (last !== undefined && last.role === role && role === 'assistant') last.parts.push(...parts);
    else turns.push({ role, parts });
  }
  return turns;
}

function readItem(item: Json): Turn {
  const type = String(item['type'] ?? 'message');
  if (type === 'message' || item['role'] !== undefined)
    return { role: readRole(item['role']), parts: readContent(item['content'], readContentPart) };
  if (type === 'reasoning') {
    const text = [...asList(item['summary']), ...asList(item['content'])].map((part) => textOf(part, 'text') ?? '').join('\n');
    return { role: 'assistant', parts: [{ kind: 'thinking', text }] };
  }
  const callId = textOf(item, 'call_id', 'id');
  if (type === 'function_call' || type === 'custom_tool_call') {
    const input = renderInput(item['arguments'] ?? item['input'] ?? '');
    return { role: 'assistant', parts: [{ kind: 'tool-call', callId, name: textOf(item, 'name') ?? type, input, result: null }] };
  }
  if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    return {
      role: 'tool',
      parts: [{ kind: 'tool-result', callId, name: null, isError: false, parts: readContent(item['output'], readContentPart) }],
    };
  }
  const isOutput = type.endsWith('_output') && type !== 'program_output';
  return { role: isOutput ? 'tool' : 'assistant', parts: [rawPart(type, item)] };
}

function readRole(role: unknown): Role {
  return role === 'assistant' ? 'assistant' : role === 'system' || role === 'developer' ? 'system' : 'user';
}

function readContentPart(part: Json): Part[] {
  const type = String(part['type']);
  const text = textOf(part, 'text', 'refusal');
  if (text !== null) {
    const notes = part['annotations'];
    return [{ kind: 'text', text }, ...(Array.isArray(notes) && notes.length > 0 ? [rawPart('annotations', notes)] : [])];
  }
  if (type === 'input_image') return [mediaFromUrl(textOf(part, 'image_url', 'file_id'), 'image')];
  if (type === 'input_file') return [mediaFromUrl(textOf(part, 'file_data', 'file_url', 'file_id'), 'file', textOf(part, 'filename'))];
  const audio = type === 'input_audio' ? readInputAudio(part) : null;
  return [audio ?? rawPart(type, part)];
}
