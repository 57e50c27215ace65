import type { TokenUsage } from '../../domain/token-usage.ts';
import { emptyUsage, tokenBuckets } from '../../domain/token-usage.ts';
import type { JsonObject } from './json-value.ts';
import { readCount, readObject, readText } from './json-value.ts';

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
  const wire = readObject(response.usage);
  if (wire === null) return null;
  const usage = emptyUsage(wire);
  fillInput(usage, wire);
  const adds = fillOutput(usage, wire);
  usage.webSearches = readCount(readObject(readObject(response.tool_usage)?.['web_search'])?.['num_requests']);
  usage.serviceTier = readText(response.service_tier);
  usage.providerCostNanoUsd = readTicks(wire['cost_in_usd_ticks']);

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
  const total = readCount(wire['input_tokens']);
  const details = readObject(wire['input_tokens_details']);
  const written = readCount(details?.['cache_write_tokens']);
  const longLived = readCount(readObject(details?.['cache_write_tokens_details'])?.['ttl_12h_tokens']);
  usage.inputCacheRead = readCount(details?.['cached_tokens']);
  usage.inputCacheWrite5m = written === null ? null : written - (longLived ?? 0);
  usage.inputCacheWrite1h = longLived;
  if (total !== null) usage.inputUncached = total - (usage.inputCacheRead ?? 0) - (written ?? 0);
}

/** @returns false when the provider's numbers do not add up */
function fillOutput(usage: TokenUsage, wire: JsonObject): boolean {
  const output = readCount(wire['output_tokens']);
  const reasoning = readCount(readObject(wire['output_tokens_details'])?.['reasoning_tokens']);
  usage.outputReasoning = reasoning;
  if (output === null) return true;
  const input = readCount(wire['input_tokens']) ?? 0;
  const total = readCount(wire['total_tokens']) ?? input + output;
  const isBeside = total !== input + output && total === input + output + (reasoning ?? 0);
  usage.outputText = isBeside ? output : output - (reasoning ?? 0);
  return isBeside || total === input + output;
}

/** xAI's billed cost: 1 USD is 10^10 ticks, so ten are a nano-dollar; rounded half-even. */
function readTicks(ticks: unknown): number | null {
  const text = typeof ticks === 'number' || typeof ticks === 'string' ? String(ticks) : '';
  if (!/^\d{1,16}$/.test(text)) return null;
  const exact = BigInt(text);
  const [nano, rest] = [exact / 10n, exact % 10n];
  return Number(rest > 5n || (rest === 5n && nano % 2n === 1n) ? nano + 1n : nano);
}
