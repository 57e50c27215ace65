import { createHash } from 'node:crypto';
import { readObject, readText } from './json-value.ts';

/** What one part of a candidate says. An empty text with a signature occurs: it closes a stream of Gemini 3. */
export type PartContent =
  | { kind: 'text'; text: string; signature: string | null }
  | { kind: 'reasoning'; text: string; signature: string | null }
  | { kind: 'call'; id: string | null; name: string; argumentsText: string; signature: string | null }
  | { kind: 'image'; mediaType: string; data: string };

/** null for kinds we never ask for (code execution, audio, server-side tools) and for parts that say nothing. */
export function parsePart(value: unknown): PartContent | null {
  const part = readObject(value);
  if (part === null) return null;
  const signature = readText(part['thoughtSignature']);
  const call = readObject(part['functionCall']);
  if (call !== null) {
    const argumentsText = JSON.stringify(readObject(call['args']) ?? {});
    return { kind: 'call', id: readText(call['id']), name: readText(call['name']) ?? '', argumentsText, signature };
  }
  const blob = readObject(part['inlineData']);
  const mediaType = readText(blob?.['mimeType']);
  const data = readText(blob?.['data']);
  if (mediaType?.startsWith('image/') && data !== null) return { kind: 'image', mediaType, data };
  const text = readText(part['text']) ?? '';
  if (text === '' && signature === null) return null;
  return { kind: part['thought'] === true ? 'reasoning' : 'text', text, signature };
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
