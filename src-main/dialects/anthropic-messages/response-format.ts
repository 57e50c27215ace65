import type { ResponseFormat } from '../../domain/conversation.ts';
import type { JsonObject } from '../json-value.ts';
import type { ModelCapabilities } from './capabilities.ts';
import type { Lose } from './lose.ts';
import { adaptStrictSchema } from './schema.ts';

interface FormatPlan {
  format: { type: 'json_schema'; schema: JsonObject } | null;
  /** Said in the system prompt where the format cannot be enforced. */
  instruction: string | null;
}

/** The vendor's structured outputs where they can hold the schema, else a sentence to the model; never a forced tool call. */
export function resolveFormat(wanted: ResponseFormat | null, capabilities: ModelCapabilities, lose: Lose): FormatPlan {
  if (wanted === null || wanted.type === 'text') return { format: null, instruction: null };
  if (wanted.type === 'json') {
    lose('responseFormat', 'Claude models have no JSON mode; the model is told to answer with a JSON object.');
    return { format: null, instruction: 'Respond with a single JSON object and nothing else: no prose, no code fence.' };
  }
  const reasons: string[] = [];
  const adapted = capabilities.structuredOutputs ? adaptStrictSchema(wanted.schema, (reason) => reasons.push(reason)) : null;
  if (adapted === null) {
    lose('responseFormat.schema', 'This model cannot enforce this schema; it is told to follow it.');
    const schema = JSON.stringify(wanted.schema);
    return {
      format: null,
      instruction: `Respond with a single JSON value and nothing else: no prose, no code fence. It has to follow this JSON Schema: ${schema}`,
    };
  }
  for (const reason of reasons) lose('responseFormat.schema', reason);
  // Structured outputs take a schema only: the caller's name and description become the schema's own.
  const title = adapted['title'] === undefined && wanted.name ? { title: wanted.name } : {};
  const description = adapted['description'] === undefined && wanted.description ? { description: wanted.description } : {};
  return { format: { type: 'json_schema', schema: { ...adapted, ...title, ...description } }, instruction: null };
}
