import { asObject, asText, type JsonObject, parseJson } from '../json-value.ts';
import { learnTextTemplate, type TextTemplate } from '../text-template.ts';

/** Reads the data of a stream's events, one after the other; null = it is not JSON, so a part of the answer is lost. */
export function createDataReader(): (json: string) => JsonObject | null {
  let template: TextTemplate<JsonObject> | null = null;
  return (json) => {
    const repeated = template?.(json) ?? null;
    if (repeated !== null) return repeated;
    const value = parseJson(json);
    if (value === undefined) return null;
    const data = asObject(value) ?? {};
    template = learnDelta(json, data) ?? template;
    return data;
  };
}

const textFields: ReadonlyMap<unknown, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['input_json_delta', 'partial_json'],
]);

/** Learns from an event and its data; null when it was no piece of text. */
function learnDelta(json: string, { type, index, delta: value }: JsonObject): TextTemplate<JsonObject> | null {
  if (type !== 'content_block_delta') return null;
  const delta = asObject(value) ?? {};
  const field = textFields.get(delta['type']);
  const text = field === undefined ? null : asText(delta[field]);
  if (field === undefined || text === null) return null;
  const resultOf = (next: string): JsonObject => ({ type, index, delta: { type: delta['type'], [field]: next } });
  return learnTextTemplate({ data: json, field, text, learnRest: () => isDeltaEnd, resultOf });
}

const deltaEnd = /" *\} *\}$/y;

/** The vendor pads events with spaces of any number, so that their length tells nothing of the text's. */
function isDeltaEnd(json: string, end: number): boolean {
  deltaEnd.lastIndex = end;
  return deltaEnd.test(json);
}
