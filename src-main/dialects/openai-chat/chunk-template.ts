import type { ChatEvent } from '../../domain/chat-event.ts';
import { asObject, asObjects, type WireObject } from './wire-value.ts';

type TextEvent = Extract<ChatEvent, { type: 'text-delta' | 'reasoning-delta' }>;

/** The event of a chunk that repeats an earlier one but for its text; null = parse it. */
export type ChunkTemplate = (data: string) => TextEvent | null;

/**
 * Nearly all chunks of a stream differ only in a few letters of text, and parsing each costs ten times what finding
 * those letters does. Learns from a chunk and the events it gave; null when they were more than one piece of text.
 */
export function learnChunkTemplate(data: string, chunk: unknown, events: readonly ChatEvent[]): ChunkTemplate | null {
  const [event] = events;
  if (events.length !== 1 || (event?.type !== 'text-delta' && event?.type !== 'reasoning-delta')) return null;
  const choices = asObjects(asObject(chunk)?.choices);
  const delta = asObject(choices[0]?.delta) ?? {};
  const fields = event.type === 'text-delta' ? ['content'] : ['reasoning_content', 'reasoning'];
  const field = fields.find((name) => delta[name] === event.text);
  if (choices.length !== 1 || field === undefined || saysMore(delta, field)) return null;
  const literal = `"${field}":${JSON.stringify(event.text)}`;
  const at = data.indexOf(literal);
  if (at < 0 || data.indexOf(literal, at + 1) >= 0) return null;
  const before = data.slice(0, at + field.length + 4);
  const after = data.slice(at + literal.length - 1);
  return (next) => matchTemplate(next, before, after, event);
}

/** Other contents of a delta change the parser's state without an event of their own. */
function saysMore(delta: WireObject, field: string): boolean {
  return Object.keys(delta).some((key) => key !== field && key !== 'role' && Boolean(delta[key]));
}

/** Text with an escape in it is left to the parser; without one, a quote would end the string. */
function matchTemplate(data: string, before: string, after: string, event: TextEvent): TextEvent | null {
  if (data.length <= before.length + after.length || !data.startsWith(before) || !data.endsWith(after)) return null;
  const text = data.slice(before.length, data.length - after.length);
  return text.includes('"') || text.includes('\\') ? null : { ...event, text };
}
