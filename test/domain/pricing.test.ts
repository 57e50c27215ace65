import { describe, expect, it } from 'vitest';
import { formatNanoUsd } from '../../src-main/domain/pricing/nano-usd.ts';
import { type CallToPrice, createPriceBook, explainCost } from '../../src-main/domain/pricing/price-book.ts';
import type { TokenUsage } from '../../src-main/domain/token-usage.ts';
import { callOf, linesOf, readPriceBookFile, usageOf } from './pricing-samples.ts';

const book = createPriceBook(readPriceBookFile(), []);

function usd(target: string, usage: Partial<TokenUsage>, more: Partial<CallToPrice> = {}): string | null {
  const { costNanoUsd } = book.priceCall(callOf(target, usage, more));
  return costNanoUsd === null ? null : formatNanoUsd(costNanoUsd);
}

describe('golden costs', () => {
  it('cache writes of a $3/$15 Claude are billed once (litellm#9812)', () => {
    expect(usd('anthropic/claude-3-7-sonnet-20250219', { inputUncached: 3, inputCacheWrite5m: 12_304, outputText: 550 })).toBe('0.054399');
  });
  it('cache writes of a $5/$25 Claude (bifrost#3451)', () => {
    expect(usd('anthropic/claude-opus-4-5', { inputUncached: 6, inputCacheWrite5m: 159_217, outputText: 2745 })).toBe('1.06376125');
  });
  it('cached input of gpt-5.4 (litellm#27191)', () => {
    expect(usd('openai/gpt-5.4', { inputUncached: 6074 - 3456, inputCacheRead: 3456, outputText: 285 })).toBe('0.011684');
  });
  it("xAI's separate reasoning, equal to 232,856,000 ticks", () => {
    const usage = { inputUncached: 10_120 - 128, inputCacheRead: 128, outputText: 1499, outputReasoning: 2809 };
    expect(usd('xai/grok-4.3', usage)).toBe('0.0232856');
  });
  it("T3: Gemini's thoughts are billed as output", () => {
    expect(usd('gemini/gemini-3.1-pro-preview', { inputUncached: 7477, outputText: 2060, outputReasoning: 1939 })).toBe('0.062942');
  });
  it('gpt-6-astra with cache reads and writes', () => {
    const usage = { inputUncached: 4000, inputCacheRead: 12_000, inputCacheWrite5m: 4000, outputText: 500, outputReasoning: 1000 };
    expect(usd('openai/gpt-6-astra', usage)).toBe('0.177');
  });
  it('gpt-6-astra, long context: the whole call at the higher rates', () => {
    expect(usd('openai/gpt-6-astra', { inputUncached: 100_000, inputCacheRead: 200_000, outputText: 1500 })).toBe('2.5125');
  });
  it('claude-opus-5 with both cache write lifetimes and web searches', () => {
    const usage = { inputUncached: 1000, inputCacheWrite5m: 3000, inputCacheWrite1h: 2000, inputCacheRead: 15_000, outputText: 500 };
    expect(usd('anthropic/claude-opus-5', { ...usage, outputReasoning: 300, webSearches: 2 })).toBe('0.09125');
  });
  it('gemini-3.1-pro-preview above 200k', () => {
    const usage = { inputUncached: 150_000, inputCacheRead: 100_000, outputText: 1500, outputReasoning: 500 };
    expect(usd('gemini/gemini-3.1-pro-preview', usage)).toBe('0.676');
  });
  it('gemini-3.8-flash with tool-use prompt tokens', () => {
    expect(usd('gemini/gemini-3.8-flash', { inputUncached: 630, inputCacheRead: 400, outputText: 50, outputReasoning: 200 })).toBe(
      '0.00144',
    );
  });
  it('grok-4.6, equal to 97,000,000 ticks', () => {
    expect(usd('xai/grok-4.6', { inputUncached: 2000, inputCacheRead: 3000, outputText: 300, outputReasoning: 400 })).toBe('0.0097');
  });
  it('T2: cache reads and writes of Claude are not free', () => {
    expect(usd('anthropic/claude-sonnet-5', { inputCacheRead: 100_000, inputCacheWrite5m: 2000 })).toBe('0.025');
  });
  it('T17: one million tokens at $5 per 1M are 5,000,000,000 nano-dollars', () => {
    expect(book.priceCall(callOf('anthropic/claude-opus-5', { inputUncached: 1_000_000 })).costNanoUsd).toBe(5_000_000_000);
  });
  it('image tokens of an image model are priced at the image rate and marked as an estimate', () => {
    const priced = book.priceCall(callOf('gemini/gemini-2.5-flash-image', { inputUncached: 100, outputText: 1290 }));
    expect(priced).toMatchObject({ costNanoUsd: 38_730_000, costSource: 'estimated' });
  });
});

describe('what is not known is unknown', () => {
  const used = { inputUncached: 1000, outputText: 1000 };

  it('an unknown model has no cost, never 0', () => {
    const unknown = { costNanoUsd: null, costSource: 'unknown', priceRow: null };
    expect(book.priceCall(callOf('openai/gpt-9-nova', used))).toEqual(unknown);
    expect(book.priceCall(callOf('my-server/gpt-5', used))).toEqual(unknown);
  });
  it('a usage without any report has no cost', () => {
    expect(book.priceCall(callOf('openai/gpt-5', {}))).toMatchObject({ costNanoUsd: null, costSource: 'unknown' });
    expect(book.priceCall(callOf('openai/gpt-5', { inputUncached: 0, outputText: 0 }))).toMatchObject({
      costNanoUsd: 0,
      costSource: 'price-book',
    });
  });
  it('a used bucket without any rate makes the cost unknown', () => {
    const priced = book.priceCall(callOf('openai/text-embedding-3-small', { inputUncached: 1000, outputText: 5 }));
    expect(priced).toMatchObject({ costNanoUsd: null, costSource: 'unknown' });
    expect(usd('openai/text-embedding-3-small', { inputUncached: 1000 })).toBe('0.00002');
    expect(usd('groq/llama-3.1-8b-instant', { ...used, webSearches: 1 })).toBeNull();
  });
  it('counts that are no counts make the cost unknown instead of throwing', () => {
    for (const outputText of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
      expect(book.priceCall(callOf('openai/gpt-5', { inputUncached: 1, outputText }))).toMatchObject({
        costNanoUsd: null,
        costSource: 'unknown',
      });
    }
  });
  it('a sum beyond the exact range is unknown instead of inexact', () => {
    expect(usd('openai/o1-pro', { outputText: 2 ** 52 })).toBeNull();
  });
});

describe('where a cost comes from', () => {
  const used = { inputUncached: 2000, inputCacheRead: 3000, outputText: 700 };

  it("the provider's own figure wins, the price row's lines are still there", () => {
    const priced = book.priceCall(callOf('xai/grok-4.6', { ...used, providerCostNanoUsd: 9_900_000 }));
    expect(priced).toMatchObject({ costNanoUsd: 9_900_000, costSource: 'provider' });
    expect(linesOf(priced, used).map((line) => line.bucket)).toEqual(['inputUncached', 'inputCacheRead', 'outputText']);
    expect(book.priceCall(callOf('openrouter/no/such', { ...used, providerCostNanoUsd: 0 }))).toMatchObject({
      costNanoUsd: 0,
      costSource: 'provider',
    });
  });
  it('counts that were estimated or cut short give an estimate', () => {
    expect(book.priceCall(callOf('openai/gpt-5', { ...used, flags: ['usage_estimated'] })).costSource).toBe('estimated');
    expect(book.priceCall(callOf('openai/gpt-5', { ...used, flags: ['usage_partial'] })).costSource).toBe('estimated');
    expect(book.priceCall(callOf('openai/gpt-5', { ...used, flags: ['usage_inconsistent'] })).costSource).toBe('price-book');
  });
  it('local servers cost nothing, and that is known', () => {
    for (const provider of ['ollama', 'lmstudio', 'llamacpp', 'vllm']) {
      const priced = book.priceCall(callOf(`${provider}/llama3.2`, { inputUncached: 900, outputText: 90, flags: ['usage_estimated'] }));
      expect(priced).toMatchObject({ costNanoUsd: 0, costSource: 'price-book', priceRow: { source: 'local, free' } });
      expect(book.priceCall(callOf(`${provider}/llama3.2`, {}))).toMatchObject({ costNanoUsd: 0 });
    }
  });
  it('the demo provider is marked as such', () => {
    expect(book.priceCall(callOf('demo/anything', { inputUncached: 1000, outputText: 1000 }))).toMatchObject({
      costNanoUsd: 5_000_000,
      costSource: 'demo',
    });
  });
  it("searches under Gemini's free quota are an estimate", () => {
    const priced = book.priceCall(callOf('gemini/gemini-4-argon', { inputUncached: 1000, outputText: 100, webSearches: 2 }));
    expect(priced).toMatchObject({ costNanoUsd: 31_000_000, costSource: 'estimated' });
  });
});

describe('lines and rows', () => {
  it('a line says bucket × rate = amount, exactly', () => {
    const usage = usageOf({ inputUncached: 7, inputCacheWrite5m: 3, webSearches: 1 });
    expect(linesOf(book.priceCall(callOf('anthropic/claude-opus-5', usage)), usage)).toEqual([
      { bucket: 'inputUncached', quantity: 7, rateLabel: '5', amountPicoUsd: '35000000', tier: 'base' },
      { bucket: 'inputCacheWrite5m', quantity: 3, rateLabel: '6.25', amountPicoUsd: '18750000', tier: 'base' },
      { bucket: 'webSearches', quantity: 1, rateLabel: '0.01', amountPicoUsd: '10000000000', tier: 'base' },
    ]);
  });
  it('a stored row explains the cost again after a trip through JSON', () => {
    const usage = usageOf({
      inputUncached: 1234,
      inputCacheRead: 99,
      outputText: 5,
      outputReasoning: 7,
      webSearches: 2,
      serviceTier: 'batch',
    });
    const priced = book.priceCall(callOf('anthropic/claude-opus-5', usage));
    const lines = explainCost(JSON.parse(JSON.stringify(priced.priceRow)), usage);
    expect(lines).toEqual(linesOf(priced, usage));
    expect(lines.reduce((sum, line) => sum + BigInt(line.amountPicoUsd), 0n)).toBe(BigInt(priced.costNanoUsd ?? -1) * 1000n);
  });
  it('a row names its model, date, tier and source', () => {
    const row = book.priceCall(callOf('anthropic/claude-sonnet-5-5', { inputUncached: 1 })).priceRow;
    expect(row).toMatchObject({
      provider: 'anthropic',
      model: 'claude-sonnet-5-5',
      tier: 'base',
      validFrom: '2026-10-07',
      checkedAt: '2026-11-23',
    });
    expect(row?.id).toBe('anthropic/claude-sonnet-5-5@2026-10-07#base:2,0.1,2.5,4,2,2,10,10,10,0.01');
  });
  it('equal lookups share one row object', () => {
    const row = book.priceCall(callOf('openai/gpt-5', { inputUncached: 1 })).priceRow;
    expect(book.priceCall(callOf('openai/gpt-5', { outputText: 9 })).priceRow).toBe(row);
  });
});
