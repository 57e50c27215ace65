import {
  asList,
  asRecord,
  asText,
  either,
  entryAt,
  type Json,
  mediaFromBase64,
  mediaFromUrl,
  rawPart,
  renderInput,
  textOf,
} from './json-fields.ts';
import type { Part, Reading, Turn } from './turn.ts';

export function readGenerateRequest(body: Json): Reading {
  const instruction = either(body, 'systemInstruction');
  const system =
    typeof instruction === 'string' ? [{ kind: 'text' as const, text: instruction }] : readParts(asRecord(instruction)['parts']);
  const turns: Turn[] = system.length === 0 ? [] : [{ role: 'system', parts: system }];
  const contents = Array.isArray(body['contents']) ? asList(body['contents']) : body['contents'] ? [asRecord(body['contents'])] : [];
  for (const content of contents) {
    const parts = content['type'] === 'text' ? readParts([content]) : readParts(content['parts']);
    const isResults = parts.length > 0 && parts.every(({ kind }) => kind === 'tool-result');
    turns.push({ role: content['role'] === 'model' ? 'assistant' : isResults ? 'tool' : 'user', parts });
  }
  return { turns, tools: asList(body['tools']).flatMap(readToolNames) };
}

export function readGenerateReply(body: Json): Reading {
  // Gemini cuts a text into parts as it likes, in whole replies too.
  const candidates = asList(joinGenerateChunks([body])['candidates']);
  const turns = candidates.map((candidate): Turn => ({ role: 'assistant', parts: readParts(asRecord(candidate['content'])['parts']) }));
  const grounding = candidates.flatMap((candidate) =>
    candidate['groundingMetadata'] ? [rawPart('groundingMetadata', candidate['groundingMetadata'])] : [],
  );
  turns.at(-1)?.parts.push(...grounding);
  if (body['promptFeedback']) turns.push({ role: 'assistant', parts: [rawPart('promptFeedback', body['promptFeedback'])] });
  return { turns, finish: textOf(candidates[0] ?? {}, 'finishReason') };
}

/** The reply that a stream of chunks would have been. */
export function joinGenerateChunks(events: readonly unknown[]): Json {
  const candidates: Json[] = [];
  const body: Json = {};
  const unread: unknown[] = [];
  for (const event of events) {
    const chunk = asRecord(event);
    if (chunk['promptFeedback']) body['promptFeedback'] = chunk['promptFeedback'];
    if (!Array.isArray(chunk['candidates'])) {
      if (chunk['usageMetadata'] === undefined && chunk['promptFeedback'] === undefined) unread.push(event);
      continue;
    }
    for (const candidate of asList(chunk['candidates'])) addCandidate(candidates, candidate);
  }
  return { ...body, candidates: candidates.filter(Boolean), unread };
}

function addCandidate(candidates: Json[], candidate: Json): void {
  const index = typeof candidate['index'] === 'number' ? candidate['index'] : 0;
  const whole = entryAt(candidates, index, () => ({ content: { parts: [] } }));
  const parts = asRecord(whole['content'])['parts'] as Json[];
  const { content, ...rest } = candidate;
  Object.assign(whole, rest);
  for (const part of asList(asRecord(content)['parts'])) {
    const last = parts.at(-1);
    const isSame =
      last !== undefined && typeof last['text'] === 'string' && typeof part['text'] === 'string' && last['thought'] === part['thought'];
    if (isSame) last['text'] = `${String(last['text'])}${String(part['text'])}`;
    else parts.push({ ...part });
  }
}

function readToolNames(tool: Json): string[] {
  const declared = either(tool, 'functionDeclarations');
  return Array.isArray(declared) ? asList(declared).map((one) => textOf(one, 'name') ?? '?') : Object.keys(tool);
}

function readParts(parts: unknown): Part[] {
  return asList(parts).flatMap(readPart);
}

function readPart(part: Json): Part[] {
  const text = asText(part['text']);
  if (part['thought'] === true && text !== null) return [{ kind: 'thinking', text }];
  if (text !== null) return text === '' ? [] : [{ kind: 'text', text }];
  const inline = asRecord(either(part, 'inlineData'));
  if (typeof inline['data'] === 'string') {
    return [mediaFromBase64(inline['data'], String(either(inline, 'mimeType') ?? 'file'), textOf(inline, 'displayName'))];
  }
  const file = asRecord(either(part, 'fileData'));
  if (Object.keys(file).length > 0) return [mediaFromUrl(asText(either(file, 'fileUri')), String(either(file, 'mimeType') ?? 'file'))];
  const call = asRecord(either(part, 'functionCall'));
  if (typeof call['name'] === 'string') {
    return [{ kind: 'tool-call', callId: asText(call['id']), name: call['name'], input: renderInput(call['args'] ?? {}), result: null }];
  }
  const answer = asRecord(either(part, 'functionResponse'));
  if (typeof answer['name'] === 'string') {
    const response = asRecord(answer['response']);
    const isPlain = Object.keys(response).length === 1;
    const output = (isPlain ? textOf(response, 'output', 'result', 'error') : null) ?? renderInput(answer['response']);
    const isError = response['error'] !== undefined;
    const inner: Part[] = [{ kind: 'text', text: output }, ...readParts(answer['parts'])];
    return [{ kind: 'tool-result', callId: asText(answer['id']), name: answer['name'], isError, parts: inner }];
  }
  return [rawPart(Object.keys(part)[0] ?? 'part', part)];
}
