import type { TokenUsage } from '../../domain/token-usage.ts';
import { emptyUsage, tokenBuckets } from '../../domain/token-usage.ts';
import { asCount, asObject, asText, type JsonObject } from '../json-value.ts';
import { parseUsdTicks } from '../provider-cost.ts';

/** The parts of a response object that tell what it cost. */
export interface UsageSource {
  usage?: unknown;
  /** Hosted tools are counted beside the usage. */
  tool_usage?: unknown;
  service_tier?: unknown;
}

/**
 * Usage of a response object in disjoint buckets. `input_tokens` holds what was read from and written to the cache,
 * `output_tokens` holds the reasoning, unless the total tells otherwise (xAI).
 * @returns null when there is no usage object, as before a response is over
 */
export function readResponsesUsage(response: UsageSource): TokenUsage | null {
  const wire = asObject(response.usage);
  if (wire === null) return null;
  const usage = emptyUsage(wire);
  fillInput(usage, wire);
  const adds = fillOutput(usage, wire);
  usage.webSearches = asCount(asObject(asObject(response.tool_usage)?.['web_search'])?.['num_requests']);
  usage.serviceTier = asText(response.service_tier);
  usage.providerCostNanoUsd = parseUsdTicks(wire['cost_in_usd_ticks']);

  let sound = adds;
  for (const bucket of tokenBuckets) {
    if ((usage[bucket] ?? 0) >= 0) continue;
    usage[bucket] = 0;
    sound = false;
  }
  if (!sound) usage.flags.push('usage_inconsistent');
  return usage;
}

/** Writes that last 12 hours are kept apart from those of 30 minutes, in the bucket for long-lived ones. */
function fillInput(usage: TokenUsage, wire: JsonObject): void {
  const total = asCount(wire['input_tokens']);
  const details = asObject(wire['input_tokens_details']);
  const written = asCount(details?.['cache_write_tokens']);
  const longLived = asCount(asObject(details?.['cache_write_tokens_details'])?.['ttl_12h_tokens']);
  usage.inputCacheRead = asCount(details?.['cached_tokens']);
  usage.inputCacheWrite5m = written === null ? null : written - (longLived ?? 0);
  usage.inputCacheWrite1h = longLived;
  if (total !== null) usage.inputUncached = total - (usage.inputCacheRead ?? 0) - (written ?? 0);
}

/** @returns false when the provider's numbers do not add up */
function fillOutput(usage: TokenUsage, wire: JsonObject): boolean {
  const output = asCount(wire['output_tokens']);
  const reasoning = asCount(asObject(wire['output_tokens_details'])?.['reasoning_tokens']);
  usage.outputReasoning = reasoning;
  if (output === null) return true;
  const input = asCount(wire['input_tokens']) ?? 0;
  const total = asCount(wire['total_tokens']) ?? input + output;
  const isBeside = total !== input + output && total === input + output + (reasoning ?? 0);
  usage.outputText = isBeside ? output : output - (reasoning ?? 0);
  return isBeside || total === input + output;
}
