import type { ChatEvent } from '../../domain/chat-event.ts';
import { asObject, asObjects, type JsonObject } from '../json-value.ts';
import { learnTextTemplate, readOnlyText, type TextEvent, type TextTemplate } from '../text-template.ts';

/** Learns from a chunk and the events it gave; null when they were more than one piece of text. */
export function learnChunkTemplate(data: string, chunk: unknown, events: readonly ChatEvent[]): TextTemplate<TextEvent> | null {
  const event = readOnlyText(events);
  const choices = asObjects(asObject(chunk)?.choices);
  const delta = asObject(choices[0]?.delta) ?? {};
  const fields = event?.type === 'text-delta' ? ['content'] : ['reasoning_content', 'reasoning'];
  const field = fields.find((name) => delta[name] === event?.text);
  if (event === null || choices.length !== 1 || field === undefined || saysMore(delta, field)) return null;
  const { type, choice, text } = event;
  const learnRest = (rest: string) => (next: string, end: number) => next.length - end === rest.length && next.endsWith(rest);
  return learnTextTemplate({ data, field, text, learnRest, resultOf: (next) => ({ type, choice, text: next }) });
}

/** Other contents of a delta change the parser's state without an event of their own. */
function saysMore(delta: JsonObject, field: string): boolean {
  return Object.keys(delta).some((key) => key !== field && key !== 'role' && Boolean(delta[key]));
}
