import type { TokenUsage } from '../../domain/token-usage.ts';
import { emptyUsage } from '../../domain/token-usage.ts';
import { asObject, asText, type JsonObject } from '../json-value.ts';

/**
 * Anthropic counts input outside the cache, cache reads and cache writes separately (never subtract), and thinking
 * inside `output_tokens`. Compaction runs are billed on top of the top-level counters and are added here. Fast mode
 * (`speed: "fast"`) is a price tier of its own, so it is reported as the service tier "fast". Calls of an advisor model
 * (`iterations` of type advisor_message) are billed at that model's rates: they stay in `raw` only.
 * @returns null when `usage` is not a usage object
 */
export function readAnthropicUsage(usage: unknown): TokenUsage | null {
  const counters = asObject(usage);
  if (counters === null) return null;
  const result = emptyUsage(usage);
  addCounters(result, counters);
  const searches = asObject(counters['server_tool_use'])?.['web_search_requests'];
  result.webSearches = readCount(searches, result);
  result.serviceTier = counters['speed'] === 'fast' ? 'fast' : asText(counters['service_tier']);
  const iterations: unknown[] = Array.isArray(counters['iterations']) ? counters['iterations'] : [];
  for (const entry of iterations) {
    const iteration = asObject(entry);
    if (iteration?.['type'] === 'compaction') addCounters(result, iteration);
  }
  return result;
}

/**
 * Usage of a stream: `message_delta` counters are cumulative and replace those of `message_start`; they are never
 * added. `output_tokens` of the start is a placeholder and counts only once a delta has confirmed it.
 * @param delta usage of the last `message_delta`, null or undefined when none arrived
 */
export function readStreamUsage(start: unknown, delta: unknown): TokenUsage | null {
  const startCounters = asObject(start);
  const deltaCounters = asObject(delta);
  if (deltaCounters === null) {
    if (startCounters === null) return null;
    const partial = readAnthropicUsage({ ...startCounters, output_tokens: null, output_tokens_details: null });
    return partial && { ...partial, flags: [...partial.flags, 'usage_partial'], raw: start };
  }
  const merged: JsonObject = { ...startCounters };
  const keepStartInput = startCounters !== null && inputTotal(deltaCounters) === 0 && inputTotal(startCounters) > 0;
  for (const [key, value] of Object.entries(deltaCounters)) {
    if (value === null || value === undefined) continue;
    if (keepStartInput && inputKeys.includes(key)) continue;
    merged[key] = value;
  }
  return readAnthropicUsage(merged);
}

const inputKeys = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens'];

/** A cumulative count cannot fall to zero: some Anthropic-compatible servers send zeros for what they do not repeat. */
function inputTotal(counters: JsonObject): number {
  let total = 0;
  for (const key of inputKeys) {
    const value = counters[key];
    if (typeof value === 'number') total += value;
  }
  return total;
}

function addCounters(usage: TokenUsage, counters: JsonObject): void {
  usage.inputUncached = sum(usage.inputUncached, readCount(counters['input_tokens'], usage));
  usage.inputCacheRead = sum(usage.inputCacheRead, readCount(counters['cache_read_input_tokens'], usage));
  addCacheWrites(usage, counters);
  const output = readCount(counters['output_tokens'], usage);
  const thinking = readCount(asObject(counters['output_tokens_details'])?.['thinking_tokens'], usage);
  if (output === null) return;
  if (thinking !== null && thinking > output) flag(usage);
  const reasoning = thinking === null ? null : Math.min(thinking, output);
  usage.outputReasoning = sum(usage.outputReasoning, reasoning);
  usage.outputText = sum(usage.outputText, output - (reasoning ?? 0));
}

/** Where the split by lifetime does not reach the total, the rest is taken as written for 5 minutes, the default. */
function addCacheWrites(usage: TokenUsage, counters: JsonObject): void {
  const total = readCount(counters['cache_creation_input_tokens'], usage);
  const split = asObject(counters['cache_creation']);
  const writes1h = readCount(split?.['ephemeral_1h_input_tokens'], usage);
  let writes5m = readCount(split?.['ephemeral_5m_input_tokens'], usage);
  if (writes5m === null && writes1h === null) writes5m = total;
  else if (total !== null) {
    const rest = total - (writes5m ?? 0) - (writes1h ?? 0);
    if (rest !== 0) flag(usage);
    if (rest > 0) writes5m = (writes5m ?? 0) + rest;
  }
  usage.inputCacheWrite5m = sum(usage.inputCacheWrite5m, writes5m);
  usage.inputCacheWrite1h = sum(usage.inputCacheWrite1h, writes1h);
}

function readCount(value: unknown, usage: TokenUsage): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (value < 0) flag(usage);
  return Math.max(0, Math.round(value));
}

function flag(usage: TokenUsage): void {
  if (!usage.flags.includes('usage_inconsistent')) usage.flags.push('usage_inconsistent');
}

function sum(left: number | null, right: number | null): number | null {
  return right === null ? left : (left ?? 0) + right;
}
