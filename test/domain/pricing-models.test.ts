import { describe, expect, it } from 'vitest';
import { createPriceBook, type PricedCall } from '../../src-main/domain/pricing/price-book.ts';
import type { TokenUsage } from '../../src-main/domain/token-usage.ts';
import { callOf, readPriceBookFile } from './pricing-samples.ts';

const book = createPriceBook(readPriceBookFile(), []);
const used = { inputUncached: 1000, outputText: 1000 };

function price(target: string, usage: Partial<TokenUsage> = used, at?: number): PricedCall {
  return book.priceCall(callOf(target, usage, at === undefined ? {} : { at }));
}

describe('which row a model name finds', () => {
  it.each([
    ['anthropic/claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['anthropic/claude-opus-5@20260801', 'claude-opus-5'],
    ['anthropic/Claude-Opus-5-5-20261101', 'claude-opus-5-5'],
    ['anthropic/anthropic/claude-sonnet-4-6', 'claude-sonnet-4-6'],
    ['anthropic/claude-haiku-5-5[1m]', 'claude-haiku-5-5'],
    ['anthropic/claude-3-5-haiku-latest', 'claude-3-5-haiku-latest'],
    ['openai/gpt-6.1-sol-2026-09-29', 'gpt-6.1-sol'],
    ['openai/gpt-4o-2024-05-13', 'gpt-4o-2024-05-13'],
    ['openai/ft:gpt-4o-mini-2024-07-18:acme::abc123', 'ft:gpt-4o-mini'],
    ['gemini/models/gemini-2.5-pro', 'gemini-2.5-pro'],
    ['gemini/gemini-2.5-pro-preview-05-06', 'gemini-2.5-pro'],
    ['gemini/gemma-3-27b-it', 'gemma-3'],
    ['xai/grok-4-0709', 'grok-4-0709'],
    ['groq/openai/gpt-oss-20b', 'openai/gpt-oss-20b'],
    ['openrouter/anthropic/claude-opus-5', 'anthropic/claude-opus-5'],
    ['openrouter/openrouter/anthropic/claude-opus-5', 'anthropic/claude-opus-5'],
  ])('T16: %s is priced as %s', (target, model) => {
    expect(price(target)).toMatchObject({ costSource: 'price-book', priceRow: { model } });
  });

  it.each(['claude-sonnet-5-9', 'claude-sonnet-5.9', 'claude-opus-4-9', 'claude-haiku-4-51', 'claude-opus-50', 'claude-opus-5x'])(
    'another version is another model: %s is unknown',
    (model) => {
      expect(price(`anthropic/${model}`).costSource).toBe('unknown');
    },
  );

  it('a worded variant of a family is a guess, marked as an estimate', () => {
    expect(price('anthropic/claude-sonnet-5-turbo')).toMatchObject({ costSource: 'estimated', priceRow: { model: 'claude-sonnet-5' } });
    expect(price('gemini/gemini-3.6-flash-audio')).toMatchObject({ costSource: 'estimated', priceRow: { model: 'gemini-3.6-flash' } });
  });

  it('OpenAI names are exact, so an unheard-of variant is unknown', () => {
    expect(price('openai/gpt-5-turbo').costSource).toBe('unknown');
  });

  it('the served model is the one that is billed', () => {
    const priced = book.priceCall(callOf('openrouter/openrouter/auto', used, { servedModel: 'anthropic/claude-opus-5' }));
    expect(priced).toMatchObject({ costSource: 'price-book', priceRow: { model: 'anthropic/claude-opus-5' } });
  });

  it('a served model without a price leaves the requested one as an estimate', () => {
    const priced = book.priceCall(callOf('anthropic/claude-sonnet-5', used, { servedModel: 'claude-sonnet-5-9' }));
    expect(priced).toMatchObject({ costSource: 'estimated', priceRow: { model: 'claude-sonnet-5' } });
  });

  it('a base URL tells whose prices hold', () => {
    expect(book.resolveProvider('https://api.groq.com/openai/v1')).toBe('groq');
    expect(book.resolveProvider('https://api.x.ai/v1')).toBe('xai');
    expect(book.resolveProvider('http://127.0.0.1:11434/v1')).toBeNull();
    expect(book.resolveProvider('http://127.0.0.1/https://api.groq.com')).toBeNull();
  });
});

describe('prompt-size tiers price the whole call', () => {
  const tierOf = (target: string, usage: Partial<TokenUsage>, at?: number) => price(target, usage, at).priceRow?.tier;

  it.each([
    ['gemini/gemini-2.5-pro', 200_000, 'base'],
    ['gemini/gemini-2.5-pro', 200_001, '> 200000'],
    ['xai/grok-4.7', 199_999, 'base'],
    ['xai/grok-4.7', 200_000, '>= 200000'],
    ['xai/grok-4.6', 200_000, '>= 200000'],
    ['openai/gpt-6-astra', 271_999, 'base'],
    ['openai/gpt-6-astra', 272_000, '>= 272000'],
    ['openai/gpt-6-sol', 272_000, 'base'],
    ['openai/gpt-6-sol', 272_001, '> 272000'],
    ['anthropic/claude-haiku-5-5', 100_000, 'base'],
    ['anthropic/claude-haiku-5-5', 100_001, '> 100000'],
  ])('%s with %i prompt tokens: %s', (target, inputUncached, tier) => {
    expect(tierOf(target, { inputUncached, outputText: 1 })).toBe(tier);
  });

  it('cache reads and writes count towards the threshold', () => {
    const usage = { inputUncached: 1, inputCacheRead: 60_000, inputCacheWrite5m: 30_000, inputCacheWrite1h: 10_000, outputText: 100 };
    expect(price('anthropic/claude-haiku-5-5', usage)).toMatchObject({ costNanoUsd: 32_000_500, priceRow: { tier: '> 100000' } });
    expect(price('anthropic/claude-haiku-5-5', { ...usage, inputUncached: 0 }).priceRow?.tier).toBe('base');
  });
});

describe('prices by date and hour', () => {
  const instant = (text: string) => Date.parse(text);

  it.each([
    ['gemini/gemini-4-argon', '2026-11-30T23:59:59.999Z', 12_000_000],
    ['gemini/gemini-4-argon', '2026-12-01T00:00:00Z', 24_000_000],
    ['gemini/gemini-4-carbon', '2026-12-01T00:00:00Z', 24_000_000],
    ['gemini/gemini-3.8-flash', '2026-12-31T23:59:59Z', 4_500_000],
    ['gemini/gemini-3.8-flash', '2027-01-01T00:00:00Z', 9_000_000],
    ['openai/o3', '2025-06-09T23:00:00Z', 50_000_000],
    ['openai/o3', '2025-06-10T00:00:00Z', 10_000_000],
  ])('%s at %s costs %i nano-dollars', (target, at, costNanoUsd) => {
    expect(price(target, used, instant(at)).costNanoUsd).toBe(costNanoUsd);
  });

  it("sonnet 5.5's cache reads halved on 2026-10-07", () => {
    const read = { inputCacheRead: 1_000_000 };
    expect(price('anthropic/claude-sonnet-5-5', read, instant('2026-10-06T23:59:59Z')).costNanoUsd).toBe(200_000_000);
    expect(price('anthropic/claude-sonnet-5-5', read, instant('2026-10-07T00:00:00Z')).costNanoUsd).toBe(100_000_000);
  });

  it('sonnet 4.6 had a long-context tier until 2026-03-13', () => {
    const long = { inputUncached: 300_000, outputText: 1 };
    expect(price('anthropic/claude-sonnet-4-6', long, instant('2026-03-12T12:00:00Z')).priceRow?.tier).toBe('> 200000');
    expect(price('anthropic/claude-sonnet-4-6', long, instant('2026-03-13T00:00:00Z')).priceRow?.tier).toBe('base');
  });

  it.each([
    ['before the peak rates existed', '2026-08-16T02:00:00Z', 420_000],
    ['off-peak', '2026-11-23T00:59:59Z', 880_000],
    ['first peak, Monday', '2026-11-23T01:00:00Z', 1_760_000],
    ['between the peaks', '2026-11-23T04:00:00Z', 880_000],
    ['second peak', '2026-11-23T09:59:59Z', 1_760_000],
    ['after it', '2026-11-23T10:00:00Z', 880_000],
    ['Saturday', '2026-11-21T02:00:00Z', 880_000],
    ['the last Saturday with a peak', '2026-08-22T02:00:00Z', 1_760_000],
  ])('DeepSeek V4 flash %s', (_when, at, costNanoUsd) => {
    expect(price('deepseek/deepseek-v4-flash', used, instant(at)).costNanoUsd).toBe(costNanoUsd);
  });
});

describe('service tiers, as the reply reports them', () => {
  it.each([
    ['openai/gpt-5', 'default', 11_250_000],
    ['openai/gpt-5', 'flex', 5_625_000],
    ['openai/gpt-5', 'priority', 22_500_000],
    ['openai/gpt-5.5', 'priority', 87_500_000],
    ['gemini/gemini-3.8-flash', 'FLEX', 2_250_000],
    ['gemini/gemini-3.8-flash', 'priority', 8_100_000],
    ['anthropic/claude-opus-5', 'batch', 15_000_000],
    ['anthropic/claude-opus-5', 'standard+us', 33_000_000],
    ['anthropic/claude-opus-5', 'batch+us', 16_500_000],
    ['anthropic/claude-opus-4-6', 'fast', 180_000_000],
  ])('%s on %s costs %i nano-dollars', (target, serviceTier, costNanoUsd) => {
    expect(price(target, { ...used, serviceTier })).toMatchObject({ costNanoUsd, costSource: 'price-book' });
  });

  it('a tier without a known factor is estimated at ordinary rates', () => {
    expect(price('openai/gpt-6-astra', { ...used, serviceTier: 'ultrafast' })).toMatchObject({
      costNanoUsd: 60_000_000,
      costSource: 'estimated',
    });
    expect(price('openai/gpt-5', { ...used, serviceTier: 'constructor' }).costSource).toBe('estimated');
  });

  it('searches cost the same on every tier', () => {
    expect(price('anthropic/claude-opus-5', { ...used, webSearches: 1, serviceTier: 'batch' }).costNanoUsd).toBe(25_000_000);
  });
});
