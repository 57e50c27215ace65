/** Tags of a call. Keys are lower case; at most 32 of them, keys ≤ 64 and values ≤ 256 characters. */
export type Tags = Readonly<Record<string, string>>;

const MAX_TAGS = 32;
const MAX_KEY = 64;
const MAX_VALUE = 256;

/**
 * "team:ml-ops, feature:code-review" → tags. An entry without a colon is a tag with the value "true"; only the first
 * colon separates. Entries past the limits are cut or left out, never an error: a tag must not break a call.
 */
export function parseTagList(text: string): Tags {
  const tags: Record<string, string> = {};
  for (const entry of text.split(',')) {
    const colon = entry.indexOf(':');
    addTag(tags, colon < 0 ? entry : entry.slice(0, colon), colon < 0 ? 'true' : entry.slice(colon + 1));
  }
  return tags;
}

/** Tags from a JSON object of plain values (Portkey metadata, OpenAI metadata); anything else gives none. */
export function parseTagObject(value: unknown): Tags {
  const tags: Record<string, string> = {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return tags;
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean') addTag(tags, key, String(entry));
  }
  return tags;
}

/** Later sets win: key defaults first, then path, then headers. */
export function mergeTags(...sets: readonly Tags[]): Tags {
  const merged: Record<string, string> = {};
  for (const set of sets) for (const [key, value] of Object.entries(set)) addTag(merged, key, value);
  return merged;
}

function addTag(tags: Record<string, string>, rawKey: string, rawValue: string): void {
  const key = rawKey.trim().toLowerCase().slice(0, MAX_KEY);
  const value = rawValue.trim().slice(0, MAX_VALUE);
  if (key === '' || key === '__proto__') return;
  if (!(key in tags) && Object.keys(tags).length >= MAX_TAGS) return;
  tags[key] = value;
}
