import { emptyUsage, type TokenUsage, tokenBuckets } from '../../domain/token-usage.ts';
import { asObject, type JsonObject } from '../json-value.ts';
import { parseUsd, parseUsdTicks } from '../provider-cost.ts';

/**
 * Reads a usage object as OpenAI and the servers that imitate it report one: chat, embeddings, legacy completions,
 * images (`input_tokens` / `output_tokens`) and transcriptions. Their totals include their details; where reasoning is
 * counted beside the completion instead (xAI, some Groq models) the sum of the totals tells, never the vendor's name.
 * `serviceTier` is the tier the reply names. Null when there is no usage object; counts nobody reported stay null.
 */
export function readOpenaiUsage(usage: unknown, serviceTier: string | null): TokenUsage | null {
  const wire = asObject(usage);
  if (wire === null) return null;
  const read: TokenUsage = { ...emptyUsage(usage), serviceTier, providerCostNanoUsd: readProviderCost(wire) };
  const input = readInput(wire, read);
  const outputAgrees = readOutput(wire, input, read);
  read.webSearches = readCount(asObject(wire.server_tool_use)?.web_search_requests);

  let inconsistent = !outputAgrees;
  for (const bucket of tokenBuckets) {
    if ((read[bucket] ?? 0) >= 0) continue;
    read[bucket] = 0;
    inconsistent = true;
  }
  if (inconsistent) read.flags.push('usage_inconsistent');
  return read;
}

/** Usage of a reply or a stream chunk: at the top, or where Groq puts it in streams (`x_groq.usage`). */
export function readWireUsage(usage: unknown, groq: unknown): JsonObject | null {
  return asObject(usage) ?? asObject(asObject(groq)?.usage);
}

/** Fills the input buckets; answers the total that the provider reported. */
function readInput(wire: JsonObject, into: TokenUsage): number | null {
  const total = readCount(wire.prompt_tokens) ?? readCount(wire.input_tokens);
  const details = asObject(wire.prompt_tokens_details) ?? asObject(wire.input_tokens_details) ?? asObject(wire.input_token_details) ?? {};
  // DeepSeek and Moonshot report cache hits beside the details, Claude behind some gateways keeps its own names.
  into.inputCacheRead =
    readCount(details.cached_tokens) ??
    readCount(wire.prompt_cache_hit_tokens) ??
    readCount(wire.cached_tokens) ??
    readCount(wire.cache_read_input_tokens);
  const written = readCount(details.cache_write_tokens) ?? readCount(wire.cache_creation_input_tokens);
  const longLived = readCount(asObject(details.cache_write_tokens_details)?.ttl_12h_tokens);
  into.inputCacheWrite5m = written === null ? null : written - (longLived ?? 0);
  into.inputCacheWrite1h = longLived;
  into.inputAudio = readCount(details.audio_tokens);
  into.inputImage = readCount(details.image_tokens);
  if (total !== null) {
    const elsewhere = [into.inputCacheRead, written, into.inputAudio, into.inputImage];
    into.inputUncached = elsewhere.reduce<number>((rest, count) => rest - (count ?? 0), total);
  }
  return total;
}

/** Fills the output buckets; false when the provider's own numbers do not add up. */
function readOutput(wire: JsonObject, input: number | null, into: TokenUsage): boolean {
  const completion = readCount(wire.completion_tokens) ?? readCount(wire.output_tokens);
  if (completion === null) return true;
  const details =
    asObject(wire.completion_tokens_details) ?? asObject(wire.output_tokens_details) ?? asObject(wire.output_token_details) ?? {};
  const total = readCount(wire.total_tokens);
  const reasoning = readCount(details.reasoning_tokens) ?? readCount(wire.reasoning_tokens);
  into.outputReasoning = reasoning;
  into.outputAudio = readCount(details.audio_tokens);

  const included = total === null || input === null || input + completion === total;
  const beside = !included && input + completion + (reasoning ?? 0) === total;
  const isSubset = included || (!beside && (reasoning ?? 0) <= completion);
  into.outputText = completion - (into.outputAudio ?? 0) - (isSubset ? (reasoning ?? 0) : 0);
  return included || beside;
}

/**
 * What the provider says it charged: xAI's ticks, OpenRouter's `cost` (its `upstream_inference_cost` is part of that
 * story and must not be added), Perplexity's `cost.total_cost`, DeepInfra's `estimated_cost`.
 */
function readProviderCost(wire: JsonObject): number | null {
  return (
    parseUsdTicks(wire.cost_in_usd_ticks) ??
    parseUsd(wire.cost) ??
    parseUsd(asObject(wire.cost)?.total_cost) ??
    parseUsd(wire.estimated_cost)
  );
}

function readCount(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}
