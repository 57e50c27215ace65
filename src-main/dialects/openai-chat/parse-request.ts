import type { ChatRequest, ReasoningEffort, ReasoningSettings, ResponseFormat, UnmappedField } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import { asObject, type JsonObject } from '../json-value.ts';
import { parseMessages } from './parse-messages.ts';
import { parseToolChoice, parseTools } from './parse-tools.ts';
import { noteUnmapped, readBoolean, readNumber, readObject, readString, reject, requireObject, requireString } from './request-field.ts';

const takenFields = new Set(
  (
    'model messages tools functions tool_choice function_call parallel_tool_calls max_completion_tokens max_tokens temperature ' +
    'top_p top_k frequency_penalty presence_penalty seed logprobs top_logprobs stop n response_format reasoning_effort reasoning ' +
    'service_tier safety_identifier user web_search_options stream stream_options'
  ).split(' '),
);

/** Why these have no word in other dialects; any other field is not OpenAI's. */
const unmappedReasons: Readonly<Record<string, string>> = {
  logit_bias: 'token ids differ between models',
  prediction: 'predicted output exists only at OpenAI',
  store: 'stored completions exist only at OpenAI',
  metadata: 'metadata belongs to stored completions at OpenAI',
  verbosity: 'answer length control exists only at OpenAI',
  modalities: 'spoken answers cannot be translated',
  audio: 'spoken answers cannot be translated',
  prompt_cache_key: 'cache routing exists only at OpenAI',
  prompt_cache_options: 'cache policy exists only at OpenAI',
  prompt_cache_retention: 'cache policy exists only at OpenAI',
  moderation: 'inline moderation exists only at OpenAI',
};

/** @throws GatewayError invalid_request with `param` = the path of the field at fault */
export function parseRequest(body: unknown): ChatRequest {
  const wire = asObject(body);
  if (wire === null) throw new GatewayError('invalid_request', 'The request body must be a JSON object.');
  const model = requireString(wire, 'model');
  const unmapped: UnmappedField[] = [];
  const messages = parseMessages(wire.messages, unmapped);
  const { tools, webSearch } = parseTools(wire);
  unmapped.push(
    ...noteUnmapped(wire, takenFields, '', (key) => unmappedReasons[key] ?? 'not a field of OpenAI chat').filter(changesAnswer(wire)),
  );
  return {
    model,
    messages,
    tools,
    toolChoice: parseToolChoice(wire),
    parallelToolCalls: readBoolean(wire, 'parallel_tool_calls'),
    maxOutputTokens: readNumber(wire, 'max_completion_tokens', atLeastOne) ?? readNumber(wire, 'max_tokens', atLeastOne),
    temperature: readNumber(wire, 'temperature', { min: 0, max: 2 }),
    topP: readNumber(wire, 'top_p', { min: 0, max: 1 }),
    topK: readNumber(wire, 'top_k', { integer: true }),
    frequencyPenalty: readNumber(wire, 'frequency_penalty', { min: -2, max: 2 }),
    presencePenalty: readNumber(wire, 'presence_penalty', { min: -2, max: 2 }),
    seed: readNumber(wire, 'seed', { integer: true }),
    logprobs: readBoolean(wire, 'logprobs'),
    topLogprobs: readNumber(wire, 'top_logprobs', { min: 0, max: 20, integer: true }),
    stop: parseStop(wire.stop),
    choiceCount: readNumber(wire, 'n', { min: 1, max: 128, integer: true }),
    responseFormat: parseResponseFormat(wire),
    reasoning: parseReasoningSettings(wire),
    serviceTier: readString(wire, 'service_tier'),
    userId: readString(wire, 'safety_identifier') ?? readString(wire, 'user'),
    webSearch: parseWebSearch(wire, unmapped) || webSearch,
    ...parseStreaming(wire, unmapped),
    unmapped,
  };
}

const atLeastOne = { min: 1, integer: true };

/** Asking for text alone is what every dialect answers anyway. */
function changesAnswer(wire: JsonObject): (field: UnmappedField) => boolean {
  const asksForText = JSON.stringify(wire.modalities) === '["text"]';
  return ({ path }) => !(path === 'modalities' && asksForText);
}

function parseStop(stop: unknown): string[] {
  if (stop === null || stop === undefined) return [];
  const list: unknown[] = Array.isArray(stop) ? stop : [stop];
  return list.map((text) => (typeof text === 'string' ? text : reject('stop', 'must be a string or an array of strings')));
}

function parseResponseFormat(wire: JsonObject): ResponseFormat | null {
  const format = readObject(wire, 'response_format');
  if (format === null) return null;
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'json' };
  if (format.type !== 'json_schema') return reject('response_format.type', 'must be "text", "json_object" or "json_schema"');
  const path = 'response_format.json_schema';
  const definition = requireObject(format.json_schema, path);
  return {
    type: 'json-schema',
    name: requireString(definition, 'name', `${path}.name`),
    description: readString(definition, 'description', `${path}.description`),
    schema: readObject(definition, 'schema', `${path}.schema`) ?? {},
    strict: readBoolean(definition, 'strict', `${path}.strict`),
  };
}

const efforts: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** `reasoning_effort`, or the `reasoning` object that OpenRouter's clients send to any server. */
function parseReasoningSettings(wire: JsonObject): ReasoningSettings | null {
  const nested = readObject(wire, 'reasoning') ?? {};
  const nestedEffort = parseEffort(readString(nested, 'effort', 'reasoning.effort'), 'reasoning.effort');
  const effort = parseEffort(readString(wire, 'reasoning_effort'), 'reasoning_effort') ?? nestedEffort;
  const budget = nested.max_tokens;
  const budgetTokens = typeof budget === 'number' && Number.isInteger(budget) && budget >= 0 ? budget : null;
  if (effort === null && budgetTokens === null) return nested.enabled === false ? { effort: 'none', budgetTokens: null } : null;
  return { effort, budgetTokens };
}

function parseEffort(text: string | null, path: string): ReasoningEffort | null {
  if (text === null) return null;
  return efforts.find((effort) => effort === text) ?? reject(path, `must be one of ${efforts.join(', ')}`);
}

function parseWebSearch(wire: JsonObject, unmapped: UnmappedField[]): boolean {
  const options = readObject(wire, 'web_search_options');
  if (options === null) return false;
  unmapped.push(...noteUnmapped(options, new Set(), 'web_search_options.', () => 'web search options differ between providers'));
  return true;
}

function parseStreaming(wire: JsonObject, unmapped: UnmappedField[]): { stream: boolean; includeUsage: boolean } {
  const options = readObject(wire, 'stream_options') ?? {};
  unmapped.push(...noteUnmapped(options, new Set(['include_usage']), 'stream_options.', () => 'only OpenAI pads its streams'));
  return {
    stream: readBoolean(wire, 'stream') ?? false,
    includeUsage: readBoolean(options, 'include_usage', 'stream_options.include_usage') ?? false,
  };
}
