import { describe, expect, it } from 'vitest';
import { renderUsage } from '../../../src-main/dialects/openai-chat/render-usage.ts';
import { readOpenaiUsage } from '../../../src-main/dialects/openai-chat/usage.ts';
import { emptyUsage, type TokenUsage, tokenBuckets } from '../../../src-main/domain/token-usage.ts';

/** What was reported: buckets, cost and flags, without the nulls. */
function reported(wire: unknown): Record<string, unknown> {
  const usage = readOpenaiUsage(wire, null);
  if (usage === null) return { none: true };
  const buckets = tokenBuckets.flatMap((bucket) => (usage[bucket] === null ? [] : [[bucket, usage[bucket]] as const]));
  const cost = usage.providerCostNanoUsd === null ? {} : { cost: usage.providerCostNanoUsd };
  return { ...Object.fromEntries(buckets), ...cost, ...(usage.flags.length > 0 ? { flags: usage.flags } : {}) };
}

describe('readOpenaiUsage', () => {
  it.each<[string, unknown, Record<string, unknown>]>([
    [
      'usage of OpenAI chat: cached input within the prompt',
      { prompt_tokens: 6074, completion_tokens: 285, total_tokens: 6359, prompt_tokens_details: { cached_tokens: 3456 } },
      { inputUncached: 2618, inputCacheRead: 3456, outputText: 285 },
    ],
    [
      'usage of xAI: reasoning beside the completion',
      {
        prompt_tokens: 10120,
        completion_tokens: 1499,
        total_tokens: 14428,
        prompt_tokens_details: { cached_tokens: 128 },
        completion_tokens_details: { reasoning_tokens: 2809 },
        cost_in_usd_ticks: 232_856_000,
      },
      { inputUncached: 9992, inputCacheRead: 128, outputText: 1499, outputReasoning: 2809, cost: 23_285_600 },
    ],
    [
      'the same vendor with reasoning inside the completion: the totals decide',
      { prompt_tokens: 100, completion_tokens: 50, total_tokens: 150, completion_tokens_details: { reasoning_tokens: 30 } },
      { inputUncached: 100, outputText: 20, outputReasoning: 30 },
    ],
    [
      'OpenAI with cache reads, cache writes and reasoning',
      {
        prompt_tokens: 20_000,
        completion_tokens: 1500,
        total_tokens: 21_500,
        prompt_tokens_details: { cached_tokens: 12_000, cache_write_tokens: 4000 },
        completion_tokens_details: { reasoning_tokens: 1000 },
      },
      { inputUncached: 4000, inputCacheRead: 12_000, inputCacheWrite5m: 4000, outputText: 500, outputReasoning: 1000 },
    ],
    [
      'audio and images on both sides',
      {
        prompt_tokens: 100,
        completion_tokens: 60,
        total_tokens: 160,
        prompt_tokens_details: { audio_tokens: 30, image_tokens: 50, text_tokens: 20, cached_tokens: 0 },
        completion_tokens_details: { audio_tokens: 45, text_tokens: 15, reasoning_tokens: 0 },
      },
      { inputUncached: 20, inputCacheRead: 0, inputAudio: 30, inputImage: 50, outputText: 15, outputReasoning: 0, outputAudio: 45 },
    ],
    [
      'rejected predictions are billed output',
      { prompt_tokens: 5, completion_tokens: 40, total_tokens: 45, completion_tokens_details: { rejected_prediction_tokens: 25 } },
      { inputUncached: 5, outputText: 40 },
    ],
    [
      'DeepSeek cache hits',
      { prompt_tokens: 300, completion_tokens: 10, total_tokens: 310, prompt_cache_hit_tokens: 256, prompt_cache_miss_tokens: 44 },
      { inputUncached: 44, inputCacheRead: 256, outputText: 10 },
    ],
    [
      'usage of OpenRouter: its cost, upstream_inference_cost not added',
      { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, cost: 0.00014, cost_details: { upstream_inference_cost: 19 } },
      { inputUncached: 1, outputText: 1, cost: 140_000 },
    ],
    [
      'usage of DeepInfra: its cost',
      { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, estimated_cost: 2.5e-7 },
      { inputUncached: 1, outputText: 1, cost: 250 },
    ],
    ['embeddings', { prompt_tokens: 8, total_tokens: 8 }, { inputUncached: 8 }],
    [
      'gpt-image',
      { input_tokens: 50, output_tokens: 200, total_tokens: 250, input_tokens_details: { image_tokens: 40, text_tokens: 10 } },
      { inputUncached: 10, inputImage: 40, outputText: 200 },
    ],
    [
      'transcription by tokens',
      { type: 'tokens', input_tokens: 14, input_token_details: { text_tokens: 4, audio_tokens: 10 }, output_tokens: 5, total_tokens: 19 },
      { inputUncached: 4, inputAudio: 10, outputText: 5 },
    ],
    ['transcription by duration: nothing counted in tokens', { type: 'duration', seconds: 42 }, {}],
    [
      'web searches are a count',
      { prompt_tokens: 2, completion_tokens: 2, total_tokens: 4, server_tool_use: { web_search_requests: 3 } },
      { inputUncached: 2, outputText: 2, webSearches: 3 },
    ],
    ['no usage', null, { none: true }],
    ['not an object', [1], { none: true }],
  ])('%s', (_name, wire, expected) => {
    expect(reported(wire)).toEqual(expected);
  });

  it.each<[string, unknown, Record<string, unknown>]>([
    [
      'neither sum holds',
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 99, completion_tokens_details: { reasoning_tokens: 2 } },
      { inputUncached: 10, outputText: 3, outputReasoning: 2 },
    ],
    [
      'more cached than sent',
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, prompt_tokens_details: { cached_tokens: 12 } },
      { inputUncached: 0, inputCacheRead: 12, outputText: 5 },
    ],
    [
      'more reasoning than output',
      { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, completion_tokens_details: { reasoning_tokens: 9 } },
      { inputUncached: 10, outputText: 0, outputReasoning: 9 },
    ],
    ['a negative count', { prompt_tokens: -3, completion_tokens: 5 }, { inputUncached: 0, outputText: 5 }],
  ])('clamps at 0 and flags: %s', (_name, wire, expected) => {
    expect(reported(wire)).toEqual({ ...expected, flags: ['usage_inconsistent'] });
  });

  it('keeps the raw object and the tier of the reply', () => {
    const wire = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    expect(readOpenaiUsage(wire, 'flex')).toMatchObject({ raw: wire, serviceTier: 'flex' });
  });

  it('takes counts that are no numbers for unreported', () => {
    expect(reported({ prompt_tokens: '12', completion_tokens: 1.5, total_tokens: null })).toEqual({});
  });
});

describe('renderUsage', () => {
  const usage = (buckets: Partial<TokenUsage>): TokenUsage => ({ ...emptyUsage(), ...buckets });

  it('includes the details in totals that add up', () => {
    const rendered = renderUsage(
      usage({
        inputUncached: 6,
        inputCacheRead: 159_217,
        inputCacheWrite5m: 2000,
        inputCacheWrite1h: 745,
        outputText: 500,
        outputReasoning: 50,
      }),
    );
    expect(rendered).toEqual({
      prompt_tokens: 161_968,
      completion_tokens: 550,
      total_tokens: 162_518,
      prompt_tokens_details: { cached_tokens: 159_217, cache_write_tokens: 2745 },
      completion_tokens_details: { reasoning_tokens: 50 },
    });
  });

  it('S4: is nothing at all when a total is unknown', () => {
    expect(renderUsage(usage({ inputUncached: 5 }))).toBeNull();
    expect(renderUsage(usage({ outputReasoning: null }))).toBeNull();
    expect(renderUsage(null)).toBeNull();
  });

  it('is read back as it was', () => {
    const before = usage({ inputUncached: 10, inputCacheRead: 5, inputAudio: 2, outputText: 7, outputReasoning: 3, outputAudio: 1 });
    const after = readOpenaiUsage(renderUsage(before), null);
    expect(tokenBuckets.map((bucket) => after?.[bucket])).toEqual(tokenBuckets.map((bucket) => before[bucket]));
  });
});
