import { createHash } from 'node:crypto';
import type { ChatEvent } from '../../domain/chat-event.ts';
import { asObject, asText } from '../json-value.ts';

/** What one part of a candidate says. An empty text with a signature occurs: it closes a stream of Gemini 3. */
export type PartContent =
  | { kind: 'text'; text: string; signature: string | null }
  | { kind: 'reasoning'; text: string; signature: string | null }
  | { kind: 'call'; id: string | null; name: string; argumentsText: string; signature: string | null }
  | { kind: 'image'; mediaType: string; data: string };

/** null for kinds we never ask for (code execution, audio, server-side tools) and for parts that say nothing. */
export function parsePart(value: unknown): PartContent | null {
  const part = asObject(value);
  if (part === null) return null;
  const signature = asText(part['thoughtSignature']);
  const call = asObject(part['functionCall']);
  if (call !== null) {
    const argumentsText = JSON.stringify(asObject(call['args']) ?? {});
    return { kind: 'call', id: asText(call['id']), name: asText(call['name']) ?? '', argumentsText, signature };
  }
  const blob = asObject(part['inlineData']);
  const mediaType = asText(blob?.['mimeType']);
  const data = asText(blob?.['data']);
  if (mediaType?.startsWith('image/') && data !== null) return { kind: 'image', mediaType, data };
  const text = asText(part['text']) ?? '';
  if (text === '' && signature === null) return null;
  return { kind: part['thought'] === true ? 'reasoning' : 'text', text, signature };
}

export interface PartPlace {
  choice: number;
  /** Counts the choice's calls. */
  nextCall(): number;
  /** From `createCallIds`. */
  nextCallId(): string;
}

/** The same for a part in a stream. */
export function parsePartEvents(value: unknown, { choice, nextCall, nextCallId }: PartPlace): ChatEvent[] {
  const part = parsePart(value);
  if (part === null) return [];
  if (part.kind === 'image') return [{ type: 'image', choice, mediaType: part.mediaType, data: part.data }];
  const { signature } = part;
  if (part.kind === 'call') {
    const call = nextCall();
    const id = part.id ?? nextCallId();
    return [
      { type: 'tool-call-start', choice, call, id, name: part.name, ...(signature !== null && { signature }) },
      { type: 'tool-call-delta', choice, call, argumentsText: part.argumentsText },
      { type: 'tool-call-end', choice, call },
    ];
  }
  const events: ChatEvent[] = part.text === '' ? [] : [{ type: `${part.kind}-delta`, choice, text: part.text }];
  if (signature !== null) events.push({ type: `${part.kind}-signature`, choice, signature });
  return events;
}

/**
 * Ids for function calls that came without one (models before Gemini 3): unique within a conversation, because they
 * hold the response's id (else a hash of its bytes), and the same each time the same bytes are parsed. Short enough for every dialect (40).
 */
export function createCallIds(responseId: string | null, readBytes: () => string): () => string {
  let stem = responseId?.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 28) ?? '';
  let count = 0;
  return () => {
    if (stem === '') stem = createHash('sha256').update(readBytes()).digest('hex').slice(0, 16);
    return `call_${stem}_${count++}`;
  };
}
