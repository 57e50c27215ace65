import { describe, expect, it } from 'vitest';
import { parsePriceOverrides } from '../../src-main/domain/pricing/parse-price-overrides.ts';
import { createPriceBook, type PricedCall } from '../../src-main/domain/pricing/price-book.ts';
import { type PriceOverride, previewOverride } from '../../src-main/domain/pricing/price-override.ts';
import type { TokenUsage } from '../../src-main/domain/token-usage.ts';
import { callOf, readPriceBookFile } from './pricing-samples.ts';

const data = readPriceBookFile();
const used = { inputUncached: 1000, outputText: 1000 };

function accept(...entries: unknown[]): PriceOverride[] {
  const { overrides, problems } = parsePriceOverrides(entries);
  expect(problems).toEqual([]);
  return overrides;
}

function price(entries: unknown[], target: string, usage: Partial<TokenUsage> = used, at?: string): PricedCall {
  return createPriceBook(data, accept(...entries)).priceCall(callOf(target, usage, at === undefined ? {} : { at: Date.parse(at) }));
}

function problem(entry: unknown): string {
  const { overrides, problems } = parsePriceOverrides([entry]);
  expect(overrides).toEqual([]);
  expect(problems).toHaveLength(1);
  return `${problems[0]?.path}: ${problems[0]?.message}`;
}

describe('a user price', () => {
  it('comes before the book and prices cached input too (litellm#27191)', () => {
    const custom = { match: 'openai/gpt-4o', input: 2.5, cacheRead: '0.25', output: 15 };
    const priced = price([custom], 'openai/gpt-4o', { inputUncached: 6074 - 3456, inputCacheRead: 3456, outputText: 285 });
    expect(priced).toMatchObject({
      costNanoUsd: 11_684_000,
      costSource: 'override',
      priceRow: { source: 'user override', checkedAt: null },
    });
  });

  it('replaces the whole row: what it leaves out falls back within it', () => {
    const usage = { inputCacheRead: 1000, inputCacheWrite1h: 1000, outputReasoning: 1000 };
    expect(price([{ match: 'anthropic/claude-opus-5', input: 1, output: 2 }], 'anthropic/claude-opus-5', usage).costNanoUsd).toBe(
      4_000_000,
    );
  });

  it('finds dated snapshots, bare names and wildcards, the exact entry first', () => {
    const entries = [
      { match: 'anthropic/*', input: 9, output: 9 },
      { match: 'claude-opus-5', input: 1, output: 1 },
    ];
    expect(price(entries, 'anthropic/claude-opus-5-20260801').costNanoUsd).toBe(2_000_000);
    expect(price(entries, 'anthropic/Claude-Haiku-4-5').costNanoUsd).toBe(18_000_000);
    expect(price([{ match: '*llama-?.2*', input: 3, output: 3 }], 'my-server/meta/Llama-3.2-8B').costNanoUsd).toBe(6_000_000);
    expect(price(entries, 'openai/gpt-5').costSource).toBe('price-book');
  });

  it('an exact entry for the requested name beats a wildcard that fits the served one', () => {
    const entries = accept({ match: 'openai/*', input: 9, output: 9 }, { match: 'openai/house-alias', input: 1, output: 1 });
    const call = callOf('openai/house-alias', used, { servedModel: 'gpt-5-2025-08-07' });
    expect(createPriceBook(data, entries).priceCall(call).costNanoUsd).toBe(2_000_000);
  });

  it('gives a price to a local server, or a model nobody knows', () => {
    expect(price([{ match: 'ollama/*', input: 0.1, output: 0.1 }], 'ollama/llama3.2')).toMatchObject({
      costNanoUsd: 200_000,
      costSource: 'override',
    });
    expect(price([{ match: 'lab/x', free: true }], 'lab/x')).toMatchObject({ costNanoUsd: 0, costSource: 'override' });
  });

  it('holds between its dates, the book outside them', () => {
    const entry = { match: 'openai/gpt-5', input: 1, output: 1, validFrom: '2026-11-01', validTo: '2026-12-01T00:00:00Z' };
    expect(price([entry], 'openai/gpt-5', used, '2026-10-31T23:59:59Z').costSource).toBe('price-book');
    expect(price([entry], 'openai/gpt-5', used, '2026-11-01T00:00:00Z').costSource).toBe('override');
    expect(price([entry], 'openai/gpt-5', used, '2026-12-01T00:00:00Z').costSource).toBe('price-book');
  });

  it('may have tiers and service tiers', () => {
    const tiers = [
      { aboveInputTokens: 2000, inclusive: true, input: 4 },
      { aboveInputTokens: 500, input: 2 },
    ];
    const entry = { match: 'lab/x', input: 1, output: 10, tiers, serviceTiers: { Flex: 0.5 } };
    expect(price([entry], 'lab/x', { inputUncached: 500 }).costNanoUsd).toBe(500_000);
    expect(price([entry], 'lab/x', { inputUncached: 1000, outputText: 1 }).costNanoUsd).toBe(2_010_000);
    expect(price([entry], 'lab/x', { inputUncached: 2000 }).costNanoUsd).toBe(8_000_000);
    expect(price([entry], 'lab/x', { inputUncached: 500, serviceTier: 'flex' }).costNanoUsd).toBe(250_000);
  });

  it('is still an estimate when the counts are', () => {
    expect(price([{ match: 'lab/x', input: 1 }], 'lab/x', { inputUncached: 1, flags: ['usage_partial'] }).costSource).toBe('estimated');
  });

  it('changes the id of its row when it changes', () => {
    const first = price([{ match: 'lab/x', input: 1, output: 1 }], 'lab/x').priceRow?.id;
    expect(first).toBe('override:lab/x@always#base:1,1,1,1,1,1,1,1,1,-');
    expect(price([{ match: 'lab/x', input: 2, output: 1 }], 'lab/x').priceRow?.id).not.toBe(first);
  });
});

describe('D14: a slip of unit is refused and shown', () => {
  it('asks when a rate cannot be per 1M tokens', () => {
    expect(problem({ match: 'a/b', input: 10_001, output: 1 })).toMatch(/^0\.input: 10001 is more than 10,000: did you mean per token\?/);
    expect(problem({ match: 'a/b', input: 0.000003, output: 1 })).toMatch(/^0\.input: .*less than 0\.001: did you mean per token\?/);
    expect(problem({ match: 'a/b', output: '2.5e-7' })).toMatch(/did you mean per token\?/);
    accept({ match: 'a/b', input: 0, output: 10_000 });
  });

  it('previews a small call', () => {
    expect(previewOverride({ match: 'a/b', input: 2.5, output: '10' })).toEqual({
      inputTokens: 1000,
      outputTokens: 1000,
      costNanoUsd: 12_500_000,
      text: '1,000 input + 1,000 output tokens cost $0.0125',
    });
    expect(previewOverride({ match: 'a/b', free: true }).costNanoUsd).toBe(0);
    expect(previewOverride({ match: 'a/b', input: 1 }).costNanoUsd).toBeNull();
  });
});

describe('parsePriceOverrides', () => {
  it.each([
    [{ input: 1 }, /^0\.match: /],
    [{ match: 'a/b' }, /^0\.input: give a price/],
    [{ match: 'a/b', input: -1 }, /^0\.input: /],
    [{ match: 'a/b', input: 'ten' }, /^0\.input: /],
    [{ match: 'a/b', input: 1.2345678 }, /^0\.input: .*decimals/],
    [{ match: 'a/b', input: 1, cache_read: 1 }, /^0\.cache_read: unknown field/],
    [{ match: 'a/b', input: 1, tiers: [{ input: 2 }] }, /^0\.tiers\.0\.aboveInputTokens: /],
    [{ match: 'a/b', input: 1, serviceTiers: { flex: 'half' } }, /^0\.serviceTiers\.flex: /],
    [{ match: 'a/b', input: 1, validFrom: 'yesterday' }, /^0\.validFrom: /],
    [{ match: 'a/b', input: 1, validFrom: '2026-02-01', validTo: '2026-01-01' }, /^0\.validTo: /],
    ['free', /^0: expected an object/],
  ])('refuses %j', (entry, message) => {
    expect(problem(entry)).toMatch(message);
  });

  it('keeps the good entries beside a bad one', () => {
    const { overrides, problems } = parsePriceOverrides([{ match: 'a/b', input: 1 }, null]);
    expect(overrides).toEqual([{ match: 'a/b', input: 1 }]);
    expect(problems.map((entry) => entry.path)).toEqual(['1']);
    expect(parsePriceOverrides({}).problems).toHaveLength(1);
  });
});
