import { asList, asRecord, type Json, mediaFromBase64, rawPart, textOf, textPart } from './json-fields.ts';
import type { Part } from './turn.ts';

/** Content as most dialects have it: a text, or a list of parts; nothing is no part, and anything else is shown as sent. */
export function readContent(content: unknown, readPart: (part: Json) => readonly Part[]): Part[] {
  if (typeof content === 'string') return textPart(content);
  if (content === null || content === undefined) return [];
  if (!Array.isArray(content)) return [rawPart('content', content)];
  return asList(content).flatMap(readPart);
}

/** The `input_audio` part of OpenAI; null when it holds no sound. */
export function readInputAudio(part: Json): Part | null {
  const { data, format } = asRecord(part['input_audio']);
  return typeof data === 'string' ? mediaFromBase64(data, `audio/${String(format ?? '')}`) : null;
}

/** Tools that carry their name themselves; those that a provider brings have only a type. */
export function readToolNames(tools: unknown): string[] {
  return asList(tools).map(readToolName);
}

export function readToolName(tool: Json): string {
  return textOf(tool, 'name', 'type') ?? '?';
}
