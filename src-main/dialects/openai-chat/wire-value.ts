export type WireObject = Record<string, unknown>;

/** The value as a JSON object; null for anything else, arrays included. */
export function asObject(value: unknown): WireObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WireObject) : null;
}

/** The value as a list; empty for anything else. */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list; anything else in it is left out. */
export function asObjects(value: unknown): WireObject[] {
  return asList(value).filter((entry): entry is WireObject => asObject(entry) !== null);
}

/** The value as text; null for anything else, "" included, which servers send for "not known". */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** JSON text to a value; undefined when it is not valid. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
