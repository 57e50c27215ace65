import type { ChatEvent } from '../domain/chat-event.ts';
import { parseJson } from './json-value.ts';

/** What an event gives that repeats an earlier one but for a piece of text; null = it does not, parse it. */
export type TextTemplate<Result> = (data: string) => Result | null;

export interface TextExample<Result> {
  data: string;
  /** The member that holds the text, and what parsing gave for it. */
  field: string;
  text: string;
  /** For what stands behind the text here (its closing quote first): a test of what stands at `end` of another event. */
  learnRest(rest: string): (data: string, end: number) => boolean;
  /** What the same event with another text gives. */
  resultOf(text: string): Result;
}

/**
 * Nearly all events of a stream differ only in a few letters of text, and finding those costs a fraction of parsing.
 * @returns null when the place of the text is not certain
 */
export function learnTextTemplate<Result>(example: TextExample<Result>): TextTemplate<Result> | null {
  const { data, field, text, learnRest, resultOf } = example;
  const literal = JSON.stringify(text);
  const at = data.indexOf(literal);
  if (at < 0 || data.indexOf(literal, at + 1) >= 0) return null;
  const before = data.slice(0, at + 1);
  if (!before.endsWith(`"${field}":"`) && !before.endsWith(`"${field}": "`)) return null;
  const isRest = learnRest(data.slice(at + literal.length - 1));
  return (next) => {
    if (!standsAt(next, 0, before)) return null;
    const end = findClosingQuote(next, before.length);
    if (end <= before.length || !isRest(next, end)) return null;
    const found = readLiteral(next.slice(before.length, end));
    return found === null ? null : resultOf(found);
  };
}

/** `startsWith` takes three times as long in a slice of a larger string, which the data of events are. */
export function standsAt(data: string, at: number, piece: string): boolean {
  return data.slice(at, at + piece.length) === piece;
}

export type TextEvent = Extract<ChatEvent, { type: 'text-delta' | 'reasoning-delta' }>;

/** The piece of text that is all an event gave. */
export function readOnlyText(events: readonly ChatEvent[]): TextEvent | null {
  const [event] = events;
  return events.length === 1 && (event?.type === 'text-delta' || event?.type === 'reasoning-delta') ? event : null;
}

function findClosingQuote(data: string, from: number): number {
  let quote = data.indexOf('"', from);
  while (quote >= 0 && isEscaped(data, quote)) quote = data.indexOf('"', quote + 1);
  return quote;
}

function isEscaped(data: string, quote: number): boolean {
  let at = quote;
  while (data[at - 1] === '\\') at--;
  return (quote - at) % 2 === 1;
}

/** Raw control characters are not JSON: such an event is the parser's to refuse. */
function readLiteral(inner: string): string | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (!/[\\\u0000-\u001f]/.test(inner)) return inner;
  const text = parseJson(`"${inner}"`);
  return typeof text === 'string' ? text : null;
}
