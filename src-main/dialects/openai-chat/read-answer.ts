import { createHash } from 'node:crypto';
import type { AssistantPart, ImagePart } from '../../domain/conversation.ts';
import { asList, asObject, asObjects, asText, type JsonObject } from '../json-value.ts';
import { readDetailsText } from './reasoning-blob.ts';

export type AnswerPiece = Extract<AssistantPart, { type: 'text' | 'reasoning' | 'refusal' | 'image' }>;

/**
 * What a message of an answer, or a delta of one, says beside its tool calls, in order. Reasoning goes by
 * `reasoning_content` (DeepSeek, xAI, llama.cpp), `reasoning` (Groq, OpenRouter, Ollama, newer vLLM), or thinking
 * chunks inside `content` (Mistral). Empty and unknown pieces say nothing.
 */
export function readAnswerPieces(message: JsonObject): AnswerPiece[] {
  const { content } = message;
  const pieces: AnswerPiece[] = [];
  const reasoning = asText(message.reasoning_content) ?? asText(message.reasoning) ?? readDetailsText(message.reasoning_details);
  if (reasoning !== '') pieces.push({ type: 'reasoning', text: reasoning });
  if (typeof content !== 'string') pieces.push(...asList(content).flatMap(readContentPiece));
  else if (content !== '') pieces.push({ type: 'text', text: content });
  if (message.images) pieces.push(...asList(message.images).flatMap(readImage));
  const refusal = asText(message.refusal);
  if (refusal !== null) pieces.push({ type: 'refusal', text: refusal });
  return pieces;
}

function readContentPiece(value: unknown): AnswerPiece[] {
  const piece = asObject(value) ?? {};
  switch (piece.type) {
    case 'text':
      return readText('text', asText(piece.text));
    case 'thinking':
      return readText('reasoning', readThinking(piece.thinking));
    case 'refusal':
      return readText('refusal', asText(piece.refusal));
    case 'image_url':
      return readImage(piece);
    default:
      return [];
  }
}

function readText(type: 'text' | 'reasoning' | 'refusal', text: string | null): AnswerPiece[] {
  return text === null || text === '' ? [] : [{ type, text }];
}

/** Mistral's thinking is a list of text chunks. */
export function readThinking(thinking: unknown): string {
  if (typeof thinking === 'string') return thinking;
  return asList(thinking)
    .map((chunk) => asText(asObject(chunk)?.text) ?? '')
    .join('');
}

function readImage(value: unknown): ImagePart[] {
  const url = asText(asObject(asObject(value)?.image_url)?.url) ?? '';
  const match = /^data:([^;,]+);base64,/i.exec(url.slice(0, 200));
  if (match === null) return url === '' ? [] : [{ type: 'image', source: { kind: 'url', url } }];
  return [{ type: 'image', source: { kind: 'base64', mediaType: match[1] ?? '', data: url.slice(match[0].length) } }];
}

/** Where Gemini's OpenAI-compatible endpoint puts a thought signature (ai.google.dev, "OpenAI compatibility"). */
export function readThoughtSignature(wire: JsonObject): string | null {
  return asText(asObject(asObject(wire.extra_content)?.google)?.thought_signature);
}

/** What a call, or a fragment of one, says; null and "" where it says nothing. */
export interface CallFragment {
  index: number | null;
  id: string | null;
  name: string | null;
  argumentsText: string;
  custom: boolean;
  wire: JsonObject;
}

/** Tool calls of a message or delta; the deprecated `function_call` is one too. */
export function readCallFragments(message: JsonObject): CallFragment[] {
  if (!message.tool_calls && !message.function_call) return [];
  const legacy = asObject(message.function_call);
  return [...(legacy === null ? [] : [{ function: legacy, index: 0 }]), ...asObjects(message.tool_calls)].map(readCallFragment);
}

function readCallFragment(wire: JsonObject): CallFragment {
  const custom = asObject(wire.custom);
  const called = custom ?? asObject(wire.function) ?? {};
  return {
    index: typeof wire.index === 'number' ? wire.index : null,
    id: asText(wire.id),
    name: asText(called.name),
    argumentsText: readArguments(custom === null ? called.arguments : called.input),
    custom: custom !== null || wire.type === 'custom',
    wire,
  };
}

/** Some servers give the arguments as an object. */
function readArguments(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : '';
}

/**
 * The id the caller will know a call by. Servers that give none, or count from `call_0` in every answer, would repeat
 * ids within a conversation; the answer's own id makes them unique.
 */
export function resolveCallId(id: string | null, answerId: string, position: string): string {
  if (id !== null && !/^(?:call_?)?\d{0,4}$/.test(id)) return id;
  const seed = `${answerId}/${position}/${id ?? ''}`;
  return `call_${createHash('sha256').update(seed).digest('hex').slice(0, 24)}`;
}
