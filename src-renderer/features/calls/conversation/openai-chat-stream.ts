import { asList, asRecord, asText, entryAt, type Json } from './json-fields.ts';

/** The body that a stream of chunks would have been. */
export function joinChatChunks(events: readonly unknown[]): Json {
  const choices: Json[] = [];
  const unread: unknown[] = [];
  for (const event of events) {
    const chunk = asRecord(event);
    if (!Array.isArray(chunk['choices'])) {
      unread.push(event);
      continue;
    }
    for (const choice of asList(chunk['choices'])) addDelta(choices, choice);
  }
  return { choices: choices.filter(Boolean), unread };
}

function addDelta(choices: Json[], choice: Json): void {
  const index = typeof choice['index'] === 'number' ? choice['index'] : 0;
  const whole = entryAt(choices, index, () => ({}));
  if (typeof choice['text'] === 'string') whole['text'] = (asText(whole['text']) ?? '') + choice['text'];
  if (choice['finish_reason']) whole['finish_reason'] = choice['finish_reason'];
  const delta = asRecord(choice['delta']);
  if (Object.keys(delta).length === 0) return;
  const message = asRecord(whole['message']);
  mergeFields(message, delta);
  whole['message'] = message;
}

const replaced = new Set(['role', 'id', 'type', 'name', 'index', 'format']);

/** Texts grow, lists go by index, all else is replaced. */
function mergeFields(whole: Json, delta: Json): void {
  for (const [name, value] of Object.entries(delta)) {
    const old = whole[name];
    if (typeof value === 'string' && typeof old === 'string' && !replaced.has(name)) whole[name] = old + value;
    else if (Array.isArray(value)) whole[name] = mergeList(Array.isArray(old) ? (old as Json[]) : [], asList(value));
    else if (typeof value === 'object' && value !== null) {
      const inner = { ...asRecord(old) };
      mergeFields(inner, value as Json);
      whole[name] = inner;
    } else if (value !== null && value !== '') whole[name] = value;
  }
}

function mergeList(whole: Json[], items: readonly Json[]): Json[] {
  for (const { index, ...item } of items) {
    const at = typeof index === 'number' ? whole.findIndex((known) => known['#'] === index) : -1;
    const known = at === -1 ? undefined : whole[at];
    if (known === undefined) whole.push(Object.defineProperty({ ...item }, '#', { value: index }));
    else mergeFields(known, item);
  }
  return whole;
}
