import type { ChatEvent } from '../../domain/chat-event.ts';
import { learnTextTemplate, readOnlyText, standsAt, type TextEvent, type TextTemplate } from '../text-template.ts';

/** Learns from a chunk and the events it gave; null when they were more than one piece of text, or nothing was counted. */
export function learnChunkTemplate(data: string, events: readonly ChatEvent[]): TextTemplate<TextEvent> | null {
  const event = readOnlyText(events);
  if (event === null || !data.includes(usageKey)) return null;
  const { type, choice, text } = event;
  return learnTextTemplate({ data, field: 'text', text, learnRest, resultOf: (next) => ({ type, choice, text: next }) });
}

const usageKey = '"usageMetadata"';

/** Behind the text every chunk repeats the usage with larger numbers; all else has to be the same. */
function learnRest(rest: string): (data: string, end: number) => boolean {
  const usageAt = rest.indexOf(usageKey);
  const [fixed = '', ...others] = usageAt < 0 ? [rest] : splitAtNumbers(rest, usageAt);
  return (data, end) => {
    if (!standsAt(data, end, fixed)) return false;
    let at = end + fixed.length;
    for (const piece of others) {
      const digits = countDigits(data, at);
      if (digits === 0 || !standsAt(data, at + digits, piece)) return false;
      at += digits + piece.length;
    }
    return at === data.length;
  };
}

function splitAtNumbers(text: string, from: number): string[] {
  const [first = '', ...others] = text.slice(from).split(/\d+/);
  return [text.slice(0, from) + first, ...others];
}

function countDigits(data: string, from: number): number {
  let at = from;
  while (data.charCodeAt(at) >= 0x30 && data.charCodeAt(at) <= 0x39) at++;
  return at - from;
}
