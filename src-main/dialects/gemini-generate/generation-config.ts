import type { ChatRequest } from '../../domain/conversation.ts';
import type { JsonObject } from '../json-value.ts';
import { adaptSchema } from './json-schema.ts';
import type { RenderContext } from './render-context.ts';
import { renderThinking } from './render-thinking.ts';

const maxStopSequences = 5;
const maxSeed = 2 ** 31;

/** `generationConfig` of the body; empty when the caller set nothing. */
export function renderGenerationConfig(request: ChatRequest, context: RenderContext): JsonObject {
  const config: JsonObject = {
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    candidateCount: request.choiceCount !== null && request.choiceCount > 1 ? request.choiceCount : null,
    maxOutputTokens: clampOutput(request.maxOutputTokens, context),
    stopSequences: renderStop(request.stop, context),
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    seed: renderSeed(request.seed, context),
    ...renderLogprobs(request, context),
    ...renderFormat(request, context),
    thinkingConfig: renderThinking(request.reasoning, context),
  };
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null && value !== undefined));
}

/** JSON output beside function tools is refused before Gemini 3: there the wish goes into the system instruction. */
export function describeFormat(request: ChatRequest, context: RenderContext): string | null {
  const format = request.responseFormat;
  if (format === null || format.type === 'text' || !mustDescribe(request, context)) return null;
  context.lose('response_format', `${context.target.model} cannot combine JSON output with tools; it is asked for it in words.`);
  if (format.type === 'json') return 'When you answer without calling a tool, answer with one JSON object and nothing else.';
  return `When you answer without calling a tool, answer with JSON and nothing else, following this schema: ${JSON.stringify(format.schema)}`;
}

function mustDescribe(request: ChatRequest, context: RenderContext): boolean {
  return request.tools.length > 0 && !context.capabilities.sinceGemini3;
}

function renderFormat(request: ChatRequest, context: RenderContext): JsonObject {
  const format = request.responseFormat;
  if (format === null || format.type === 'text' || mustDescribe(request, context)) return {};
  if (format.type === 'json') return { responseMimeType: 'application/json' };
  const { schema, dropped } = adaptSchema(format.schema);
  if (dropped.length > 0) context.lose('response_format.schema', `Gemini's schemas have no ${dropped.join(', ')}.`);
  if (format.description !== null) schema['description'] ??= format.description;
  return { responseMimeType: 'application/json', responseJsonSchema: schema };
}

function clampOutput(tokens: number | null, { target, lose }: RenderContext): number | null {
  if (tokens === null || target.maxOutputTokens === null || tokens <= target.maxOutputTokens) return tokens;
  lose('max_output_tokens', `${target.model} writes at most ${target.maxOutputTokens} tokens.`);
  return target.maxOutputTokens;
}

function renderStop(stop: readonly string[], { lose }: RenderContext): readonly string[] | null {
  if (stop.length === 0) return null;
  if (stop.length > maxStopSequences) lose('stop', `Gemini takes ${maxStopSequences} stop sequences; the others were left out.`);
  return stop.slice(0, maxStopSequences);
}

function renderSeed(seed: number | null, { lose }: RenderContext): number | null {
  if (seed === null || (Number.isInteger(seed) && seed >= -maxSeed && seed < maxSeed)) return seed;
  lose('seed', 'Gemini takes 32-bit seeds.');
  return null;
}

function renderLogprobs(request: ChatRequest, { lose }: RenderContext): JsonObject {
  if (request.logprobs !== true) return {};
  if (request.stream) {
    lose('logprobs', 'Log probabilities are not carried over in streams.');
    return {};
  }
  return { responseLogprobs: true, logprobs: request.topLogprobs };
}
