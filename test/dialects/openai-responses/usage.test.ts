import { describe, expect, it } from 'vitest';
import { readResponsesUsage } from '../../../src-main/dialects/openai-responses/usage.ts';

function read(source: Parameters<typeof readResponsesUsage>[0]) {
  const usage = readResponsesUsage(source);
  if (usage === null) return null;
  const { raw: _, flags, ...rest } = usage;
  return { ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)), ...(flags.length > 0 && { flags }) };
}

const plain = { input_tokens: 100, output_tokens: 20, total_tokens: 120 };

describe('Responses usage', () => {
  it.each<[string, Parameters<typeof readResponsesUsage>[0], unknown]>([
    ['plain totals', { usage: plain }, { inputUncached: 100, outputText: 20 }],
    [
      'usage of OpenAI Responses: cached and written within the input, reasoning within the output',
      {
        usage: {
          input_tokens: 20_000,
          input_tokens_details: { cached_tokens: 12_000, cache_write_tokens: 4000 },
          output_tokens: 1500,
          output_tokens_details: { reasoning_tokens: 1000 },
          total_tokens: 21_500,
        },
      },
      { inputUncached: 4000, inputCacheRead: 12_000, inputCacheWrite5m: 4000, outputText: 500, outputReasoning: 1000 },
    ],
    [
      'writes by lifetime',
      {
        usage: {
          ...plain,
          input_tokens_details: { cache_write_tokens: 30, cache_write_tokens_details: { ttl_30m_tokens: 10, ttl_12h_tokens: 20 } },
        },
      },
      { inputUncached: 70, inputCacheWrite5m: 10, inputCacheWrite1h: 20, outputText: 20 },
    ],
    [
      'reported zeros, which are not unknown',
      { usage: { ...plain, input_tokens_details: { cached_tokens: 0 }, output_tokens_details: { reasoning_tokens: 0 } } },
      { inputUncached: 100, inputCacheRead: 0, outputText: 20, outputReasoning: 0 },
    ],
    [
      'reasoning beside the output, told by the total',
      { usage: { input_tokens: 100, output_tokens: 20, output_tokens_details: { reasoning_tokens: 30 }, total_tokens: 150 } },
      { inputUncached: 100, outputText: 20, outputReasoning: 30 },
    ],
    [
      'hosted searches and the tier that served',
      { usage: plain, tool_usage: { web_search: { num_requests: 2 } }, service_tier: 'flex' },
      { inputUncached: 100, outputText: 20, webSearches: 2, serviceTier: 'flex' },
    ],
    [
      'cost in ticks: $0.0232856',
      { usage: { ...plain, cost_in_usd_ticks: 232_856_000 } },
      { inputUncached: 100, outputText: 20, providerCostNanoUsd: 23_285_600 },
    ],
    [
      'half a nano-dollar to the even side, down',
      { usage: { ...plain, cost_in_usd_ticks: 25 } },
      { inputUncached: 100, outputText: 20, providerCostNanoUsd: 2 },
    ],
    [
      'half a nano-dollar to the even side, up',
      { usage: { ...plain, cost_in_usd_ticks: 35 } },
      { inputUncached: 100, outputText: 20, providerCostNanoUsd: 4 },
    ],
    [
      'totals that do not add up',
      { usage: { ...plain, total_tokens: 999 } },
      { inputUncached: 100, outputText: 20, flags: ['usage_inconsistent'] },
    ],
    [
      'more cached than input: clamped',
      { usage: { ...plain, input_tokens_details: { cached_tokens: 200 } } },
      { inputUncached: 0, inputCacheRead: 200, outputText: 20, flags: ['usage_inconsistent'] },
    ],
    ['none yet', { usage: null }, null],
  ])('%s', (_name, source, expected) => {
    expect(read(source)).toEqual(expected);
  });
});
