import type { MediaPart, Part } from './turn.ts';

export type Json = Record<string, unknown>;

export function asRecord(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function asList(value: unknown): Json[] {
  return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? { type: 'text', text: item } : asRecord(item))) : [];
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The first of some fields that is a text. */
export function textOf(record: Json, ...names: readonly string[]): string | null {
  for (const name of names) if (typeof record[name] === 'string') return record[name];
  return null;
}

/** Camel case or snake case: Gemini takes both. */
export function either(record: Json, camel: string): unknown {
  return record[camel] ?? record[camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

/** The record of a list's place, put there when it is not. */
export function entryAt(list: Json[], index: number, create: () => Json): Json {
  const entry = list[index] ?? create();
  list[index] = entry;
  return entry;
}

export function rawPart(label: string, value: unknown): Part {
  return { kind: 'raw', label, json: typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'undefined') };
}

export function textPart(text: string | null): Part[] {
  return text === null || text === '' ? [] : [{ kind: 'text', text }];
}

export function renderInput(input: unknown): string {
  return typeof input === 'string' ? input : (JSON.stringify(input, null, 2) ?? '');
}

const dataUrl = /^data:([^;,]*)(?:;[^,]*)?;base64,/;

/** From a data URL or an address. */
export function mediaFromUrl(url: string | null, kind: string, name: string | null = null): MediaPart {
  const head = url === null ? null : dataUrl.exec(url.slice(0, 200));
  if (url === null || head === null) return { kind: 'media', mediaType: kind, name, bytes: null, base64: null, address: url };
  return mediaFromBase64(url.slice(head[0].length), head[1] || kind, name);
}

export function mediaFromBase64(base64: string, mediaType: string, name: string | null = null): MediaPart {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const bytes = Math.floor((base64.length * 3) / 4) - padding;
  return { kind: 'media', mediaType, name, bytes, base64, address: null };
}
