/** Narrowing of what others sent: a value of another kind counts as absent, never as an error. */

export type JsonObject = Record<string, unknown>;

/** null for anything but a JSON object. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** Empty for anything but an array. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of an array; anything else in it is left out. */
export function asObjects(value: unknown): JsonObject[] {
  return asList(value).filter((entry): entry is JsonObject => asObject(entry) !== null);
}

/** null for anything but text, and for "", which servers send for "not known" and proto3 JSON leaves out. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** null for anything but a whole number from 0. */
export function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
