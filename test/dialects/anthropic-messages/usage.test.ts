import { describe, expect, test } from 'vitest';
import { readAnthropicUsage, readStreamUsage } from '../../../src-main/dialects/anthropic-messages/usage.ts';
import { tokenBuckets, totalInput } from '../../../src-main/domain/token-usage.ts';

/** The buckets that were reported, and nothing else. */
function buckets(usage: ReturnType<typeof readAnthropicUsage>) {
  if (!usage) return null;
  return Object.fromEntries(tokenBuckets.filter((bucket) => usage[bucket] !== null).map((bucket) => [bucket, usage[bucket]]));
}

describe('readAnthropicUsage', () => {
  test('usage of Anthropic: opus-5 with both cache lifetimes, thinking and web searches splits into disjoint buckets', () => {
    const raw = {
      input_tokens: 1000,
      cache_creation_input_tokens: 5000,
      cache_creation: { ephemeral_5m_input_tokens: 3000, ephemeral_1h_input_tokens: 2000 },
      cache_read_input_tokens: 15_000,
      output_tokens: 800,
      output_tokens_details: { thinking_tokens: 300 },
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
      service_tier: 'standard',
    };
    const usage = readAnthropicUsage(raw);
    expect(buckets(usage)).toEqual({
      inputUncached: 1000,
      inputCacheRead: 15_000,
      inputCacheWrite5m: 3000,
      inputCacheWrite1h: 2000,
      outputText: 500,
      outputReasoning: 300,
      webSearches: 2,
    });
    expect(usage).toMatchObject({ serviceTier: 'standard', flags: [], providerCostNanoUsd: null });
    expect(usage?.raw).toBe(raw);
  });

  test.each([
    [
      'golden: sonnet 3.7 class',
      { input_tokens: 3, cache_creation_input_tokens: 12_304, output_tokens: 550 },
      { inputUncached: 3, inputCacheWrite5m: 12_304, outputText: 550 },
    ],
    [
      'golden: opus class',
      { input_tokens: 6, cache_creation_input_tokens: 159_217, output_tokens: 2745 },
      { inputUncached: 6, inputCacheWrite5m: 159_217, outputText: 2745 },
    ],
    [
      'T2: cache reads and writes are extra, never subtracted from input',
      { input_tokens: 5, cache_read_input_tokens: 100_000, cache_creation_input_tokens: 2000, output_tokens: 1 },
      { inputUncached: 5, inputCacheRead: 100_000, inputCacheWrite5m: 2000, outputText: 1 },
    ],
    [
      'what is null or absent is not reported',
      { input_tokens: 5, cache_read_input_tokens: null, cache_creation: null, output_tokens: 2, output_tokens_details: null },
      { inputUncached: 5, outputText: 2 },
    ],
    [
      'a reported zero is zero',
      { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 },
      { inputUncached: 0, inputCacheRead: 0, outputText: 0 },
    ],
    ['counters that are no numbers are not reported', { input_tokens: '12', output_tokens: 3 }, { outputText: 3 }],
  ])('%s', (_name, raw, expected) => {
    const usage = readAnthropicUsage(raw);
    expect(buckets(usage)).toEqual(expected);
    expect(usage?.flags).toEqual([]);
  });

  test.each([
    [
      'a split short of the total puts the rest at 5 minutes (litellm#42663)',
      { cache_creation_input_tokens: 100, cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 30 } },
      { inputCacheWrite5m: 70, inputCacheWrite1h: 30 },
    ],
    [
      'a split beyond the total is believed',
      { cache_creation_input_tokens: 0, cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 30 } },
      { inputCacheWrite5m: 0, inputCacheWrite1h: 30 },
    ],
    [
      'thinking beyond the output is clamped to it',
      { output_tokens: 10, output_tokens_details: { thinking_tokens: 12 } },
      { outputText: 0, outputReasoning: 10 },
    ],
    ['a negative count is 0', { input_tokens: -5, output_tokens: 1 }, { inputUncached: 0, outputText: 1 }],
  ])('%s, and the usage is flagged', (_name, raw, expected) => {
    const usage = readAnthropicUsage(raw);
    expect(buckets(usage)).toEqual(expected);
    expect(usage?.flags).toEqual(['usage_inconsistent']);
  });

  test('compaction runs are billed on top of the top-level counters, message runs are inside them', () => {
    const usage = readAnthropicUsage({
      input_tokens: 100,
      output_tokens: 50,
      iterations: [
        { type: 'compaction', input_tokens: 1000, output_tokens: 200, cache_read_input_tokens: 7 },
        { type: 'message', input_tokens: 100, output_tokens: 50 },
      ],
    });
    expect(buckets(usage)).toEqual({ inputUncached: 1100, inputCacheRead: 7, outputText: 250 });
  });

  test('fast mode is reported as the service tier', () => {
    expect(readAnthropicUsage({ input_tokens: 1, speed: 'fast', service_tier: 'standard' })?.serviceTier).toBe('fast');
    expect(readAnthropicUsage({ input_tokens: 1, speed: 'standard', service_tier: 'priority' })?.serviceTier).toBe('priority');
  });

  test.each([[null], [undefined], ['12'], [[1]], [7]])('%j is no usage', (value) => {
    expect(readAnthropicUsage(value)).toBeNull();
  });
});

describe('readStreamUsage', () => {
  test('delta counters replace the start counters, they are never added (bifrost#5354)', () => {
    const usage = readStreamUsage(
      { input_tokens: 100, output_tokens: 1 },
      { input_tokens: 20, cache_read_input_tokens: 80, output_tokens: 42 },
    );
    expect(buckets(usage)).toEqual({ inputUncached: 20, inputCacheRead: 80, outputText: 42 });
    expect(usage && totalInput(usage)).toBe(100);
    expect(usage?.flags).toEqual([]);
  });

  test('T1: start counters stand where the delta says nothing or null', () => {
    const usage = readStreamUsage(
      { input_tokens: 100, cache_read_input_tokens: 9, service_tier: 'priority', output_tokens: 1 },
      { input_tokens: null, output_tokens: 42 },
    );
    expect(buckets(usage)).toEqual({ inputUncached: 100, inputCacheRead: 9, outputText: 42 });
    expect(usage?.serviceTier).toBe('priority');
  });

  test('a delta of nothing but zeros does not erase the input', () => {
    const usage = readStreamUsage(
      { input_tokens: 100, output_tokens: 1 },
      { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 42 },
    );
    expect(buckets(usage)).toEqual({ inputUncached: 100, outputText: 42 });
  });

  test("without a delta the start's placeholder output is not a count", () => {
    const usage = readStreamUsage({ input_tokens: 100, output_tokens: 1 }, undefined);
    expect(buckets(usage)).toEqual({ inputUncached: 100 });
    expect(usage?.flags).toEqual(['usage_partial']);
  });

  test('nothing reported is null', () => {
    expect(readStreamUsage(undefined, undefined)).toBeNull();
  });
});
