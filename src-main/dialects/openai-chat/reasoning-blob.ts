import { asList, asObjects, asText, type JsonObject, parseJson } from '../json-value.ts';

/** Gathers the `reasoning_details` of one reasoning part, whole or in the fragments of a stream. */
export interface ReasoningBlob {
  push(details: unknown): void;
  /**
   * The entries as one opaque string, to be sent back unmodified (OpenRouter's rule); null when they hold nothing but
   * visible text. Starts afresh.
   */
  take(): string | null;
}

const growingFields = ['text', 'summary'] as const;

export function createReasoningBlob(): ReasoningBlob {
  let entries: JsonObject[] = [];
  return {
    push(details) {
      if (!details) return;
      for (const fragment of asObjects(details)) {
        const last = entries.at(-1);
        if (last !== undefined && continues(last, fragment)) mergeInto(last, fragment);
        else entries.push({ ...fragment });
      }
    },
    take() {
      const taken = entries;
      entries = [];
      return taken.some((entry) => asText(entry.signature) !== null || asText(entry.data) !== null) ? JSON.stringify(taken) : null;
    },
  };
}

/** The entries of a blob; none when it is not one of ours. */
export function readReasoningBlob(blob: string): readonly unknown[] {
  return asList(parseJson(blob));
}

/** Text of details, for servers that give no plain `reasoning` beside them. */
export function readDetailsText(details: unknown): string {
  if (!details) return '';
  return asObjects(details)
    .map((detail) => asText(detail.text) ?? asText(detail.summary) ?? '')
    .join('');
}

function continues(last: JsonObject, fragment: JsonObject): boolean {
  return last.type === fragment.type && last.index === fragment.index && asText(last.data) === null && asText(fragment.data) === null;
}

function mergeInto(last: JsonObject, fragment: JsonObject): void {
  for (const [key, value] of Object.entries(fragment)) {
    const grows = growingFields.some((field) => field === key) && typeof last[key] === 'string' && typeof value === 'string';
    if (grows) last[key] = `${last[key]}${value}`;
    else if (value !== null) last[key] = value;
  }
}
