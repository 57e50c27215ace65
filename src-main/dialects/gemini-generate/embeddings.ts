import type { Loss } from '../../domain/conversation.ts';
import { GatewayError } from '../../domain/gateway-error.ts';
import type { TokenUsage } from '../../domain/token-usage.ts';
import { emptyUsage, totalInput } from '../../domain/token-usage.ts';
import { asList, asObject, type JsonObject } from '../json-value.ts';
import { bareModelName } from './capabilities.ts';
import { readGeminiUsage } from './usage.ts';

export interface RenderedEmbeddingsRequest {
  /** Follows the model in the URL: "/v1beta/models/NAME" + suffix. */
  pathSuffix: ':batchEmbedContents';
  body: JsonObject;
  losses: Loss[];
  /** For `parseEmbeddingsResponse`: what the caller expects back. */
  expected: ExpectedEmbeddings;
}

export interface ExpectedEmbeddings {
  encodingFormat: 'float' | 'base64';
  inputCount: number;
  /** A guess from the length of the text, used where Google reports no usage. */
  estimatedTokens: number;
}

export interface ParsedEmbeddings {
  /** In OpenAI's shape. */
  body: JsonObject;
  usage: TokenUsage;
}

/**
 * An OpenAI `/v1/embeddings` body as `batchEmbedContents`.
 * @throws GatewayError invalid_request with `param`, among others for token arrays: they mean nothing to another tokenizer
 */
export function renderEmbeddingsRequest(body: unknown, model: string): RenderedEmbeddingsRequest {
  const request = asObject(body);
  if (request === null) throw new GatewayError('invalid_request', 'The body must be a JSON object.');
  const texts = readInput(request['input']);
  const encodingFormat = readEncodingFormat(request['encoding_format']);
  const outputDimensionality = readDimensions(request['dimensions']);
  const name = `models/${bareModelName(model)}`;
  const requests = texts.map((text) => ({
    model: name,
    content: { parts: [{ text }] },
    ...(outputDimensionality !== null && { outputDimensionality }),
  }));
  const known = new Set(['input', 'model', 'encoding_format', 'dimensions']);
  const losses = Object.keys(request)
    .filter((key) => !known.has(key))
    .map((path) => ({ path, reason: 'Gemini embeddings have no such setting.' }));
  const expected = { encodingFormat, inputCount: texts.length, estimatedTokens: estimateTokens(texts) };
  return { pathSuffix: ':batchEmbedContents', body: { requests }, losses, expected };
}

/**
 * A `batchEmbedContents` or `embedContent` reply in OpenAI's shape. OpenAI's SDK needs a usage object, so an estimate
 * stands in where Google counts nothing; then the usage is flagged `usage_estimated`.
 * @param options.model the name to show to the caller
 * @throws GatewayError upstream_bad_reply when vectors are missing
 */
export function parseEmbeddingsResponse(body: unknown, options: ExpectedEmbeddings & { model: string }): ParsedEmbeddings {
  const reply = asObject(Array.isArray(body) ? body[0] : body);
  const embeddings = reply?.['embedding'] === undefined ? asList(reply?.['embeddings']) : [reply['embedding']];
  if (embeddings.length !== options.inputCount) {
    throw new GatewayError('upstream_bad_reply', `Gemini returned ${embeddings.length} embeddings for ${options.inputCount} inputs.`);
  }
  const data = embeddings.map((value, index) => {
    const vector = readVector(asObject(value)?.['values']);
    return { object: 'embedding', index, embedding: options.encodingFormat === 'base64' ? encodeFloats(vector) : vector };
  });
  const usage = readGeminiUsage(reply?.['usageMetadata']) ?? estimateUsage(options.estimatedTokens);
  const tokens = totalInput(usage) ?? options.estimatedTokens;
  return { body: { object: 'list', data, model: options.model, usage: { prompt_tokens: tokens, total_tokens: tokens } }, usage };
}

function readInput(input: unknown): string[] {
  const texts = typeof input === 'string' ? [input] : asList(input);
  if (texts.length === 0) throw invalid('input', '"input" must be a string or a non-empty array of strings.');
  return texts.map((text, index) => {
    if (typeof text === 'number' || Array.isArray(text)) {
      throw invalid('input', 'Token arrays cannot be sent to Gemini, which has another tokenizer; send the text itself.');
    }
    const param = typeof input === 'string' ? 'input' : `input[${index}]`;
    if (typeof text !== 'string') throw invalid(param, '"input" must hold strings only.');
    if (text === '') throw invalid(param, '"input" must not hold an empty string.');
    return text;
  });
}

function readEncodingFormat(format: unknown): 'float' | 'base64' {
  if (format === undefined || format === null || format === 'float') return 'float';
  if (format === 'base64') return 'base64';
  throw invalid('encoding_format', '"encoding_format" must be "float" or "base64".');
}

function readDimensions(dimensions: unknown): number | null {
  if (dimensions === undefined || dimensions === null) return null;
  if (typeof dimensions === 'number' && Number.isSafeInteger(dimensions) && dimensions > 0) return dimensions;
  throw invalid('dimensions', '"dimensions" must be a whole number above 0.');
}

function readVector(values: unknown): number[] {
  const vector = asList(values);
  const isSound = vector.length > 0 && vector.every((value) => typeof value === 'number');
  if (!isSound) throw new GatewayError('upstream_bad_reply', 'Gemini returned an embedding without numbers.');
  return vector as number[];
}

/** Little-endian 32-bit floats, which is what OpenAI's SDK asks for and decodes on its own. */
function encodeFloats(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}

/** About four bytes of UTF-8 make a token, in English as in Chinese. */
function estimateTokens(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Math.ceil(Buffer.byteLength(text) / 4), 0);
}

function estimateUsage(tokens: number): TokenUsage {
  return { ...emptyUsage(), inputUncached: tokens, flags: ['usage_estimated'] };
}

function invalid(param: string, message: string): GatewayError {
  return new GatewayError('invalid_request', message, { param });
}
