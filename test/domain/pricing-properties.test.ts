import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divideHalfEven, parseDecimal } from '../../src-main/domain/pricing/decimal.ts';
import { createPriceBook } from '../../src-main/domain/pricing/price-book.ts';
import type { BookModel, MatchRule } from '../../src-main/domain/pricing/price-book-data.ts';
import { type TokenBucket, tokenBuckets } from '../../src-main/domain/token-usage.ts';
import { callOf, linesOf, readPriceBookFile, usageOf } from './pricing-samples.ts';

const data = readPriceBookFile();
const book = createPriceBook(data, []);

const byHand: Record<string, string> = {
  'ft:gpt-3.5-turbo-': 'ft:gpt-3.5-turbo-0125:acme::1',
  'ft:gpt-4o': 'ft:gpt-4o-2024-08-06:acme::1',
  'ft:gpt-4o-mini': 'ft:gpt-4o-mini-2024-07-18:acme::1',
};

const models = data.providers.flatMap((provider) =>
  provider.models.map((model) => ({ provider: provider.id, model, name: sampleName(model) })),
);

/** A name the model must be found under; a rule that is a regular expression alone needs one by hand. */
function sampleName(model: BookModel): string {
  return byHand[model.id] ?? model.names[0] ?? sampleOf(model.rules?.[0]) ?? model.id;
}

function sampleOf(rule: MatchRule | undefined): string | undefined {
  if (rule === undefined) return undefined;
  if ('starts_with' in rule) return rule.starts_with;
  if ('contains' in rule) return rule.contains;
  if ('ends_with' in rule) return rule.ends_with;
  return 'and' in rule ? sampleOf(rule.and[0]) : undefined;
}

const day = 86_400_000;
const instant = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2027, 5, 1) });
/** Now and then so many that the sum in pico-dollars is beyond the exact integers of a number. */
const count = fc.oneof(
  { arbitrary: fc.constant(null), weight: 3 },
  { arbitrary: fc.integer({ min: 0, max: 400_000 }), weight: 6 },
  { arbitrary: fc.integer({ min: 0, max: 2 ** 40 }), weight: 1 },
);
const anyModel = fc.constantFrom(...models);
const anyUsage = fc.record(Object.fromEntries(tokenBuckets.map((bucket) => [bucket, count])) as Record<TokenBucket, typeof count>);
const anyTier = fc.constantFrom(null, 'default', 'flex', 'priority', 'batch', 'standard+us', 'fast', 'nonsense');

describe('for every model in the book', () => {
  it('there is a name that finds it', () => {
    expect(models.length).toBeGreaterThan(1000);
    for (const { provider, model, name } of models) {
      const priced = book.priceCall(callOf(`${provider}/${name}`, { inputUncached: 1 }));
      expect([provider, name, priced.priceRow?.model]).toEqual([provider, name, model.id]);
    }
  });

  it('a cached call never costs more than the same call cold, at any date and tier', () => {
    const sizes = [1000, 99_999, 100_001, 200_000, 200_001, 272_000, 272_001, 600_000];
    for (const { provider, name } of models) {
      for (const at of [Date.UTC(2026, 1, 1), Date.UTC(2026, 10, 23, 2), Date.UTC(2027, 1, 1, 12)]) {
        for (const size of sizes) {
          const read = Math.floor(size * 0.9);
          const cold = book.priceCall(callOf(`${provider}/${name}`, { inputUncached: size, inputCacheRead: 0 }, { at })).costNanoUsd;
          const cached = book.priceCall(
            callOf(`${provider}/${name}`, { inputUncached: size - read, inputCacheRead: read }, { at }),
          ).costNanoUsd;
          expect(cold, name).not.toBeNull();
          expect(Number(cached), `${provider}/${name} ${size}`).toBeLessThanOrEqual(Number(cold));
        }
      }
    }
  });

  it('no rate is negative, fractional or beyond what any vendor asks', () => {
    for (const { provider, model } of models) {
      for (const price of model.prices) {
        for (const rates of [price.rates, ...(price.tiers ?? []).map((tier) => tier.rates)]) {
          for (const [bucket, rate] of Object.entries(rates)) {
            const limit = bucket === 'webSearches' ? 50_000_000_000 : 1_000_000_000;
            expect(Number.isSafeInteger(rate) && rate >= 0 && rate <= limit, `${provider}/${model.id} ${bucket} ${rate}`).toBe(true);
          }
        }
      }
    }
  });

  it('conditions are real dates and times, tiers ascend', () => {
    for (const { model } of models) {
      for (const price of model.prices) {
        if (price.from !== undefined) expect(Date.parse(price.from) % day).toBe(0);
        for (const time of price.hours ?? []) expect(time).toMatch(/^[012]\d:[0-5]\d$/);
        const thresholds = (price.tiers ?? []).map((tier) => tier.threshold);
        expect(thresholds).toEqual([...new Set(thresholds)].sort((a, b) => a - b));
      }
    }
  });
});

describe('for any usage', () => {
  it('the cost is null or a non-negative safe integer, and null exactly when the source is unknown', () => {
    fc.assert(
      fc.property(anyModel, anyUsage, anyTier, instant, ({ provider, name }, usage, serviceTier, at) => {
        const { costNanoUsd, costSource } = book.priceCall(callOf(`${provider}/${name}`, { ...usage, serviceTier }, { at }));
        expect(costNanoUsd === null || (Number.isSafeInteger(costNanoUsd) && costNanoUsd >= 0)).toBe(true);
        expect(costNanoUsd === null).toBe(costSource === 'unknown');
      }),
      { numRuns: 2000 },
    );
  });

  it('the lines are disjoint buckets whose amounts are quantity × rate and add up to the cost, rounded once', () => {
    fc.assert(
      fc.property(anyModel, anyUsage, anyTier, instant, ({ provider, name }, usage, serviceTier, at) => {
        const priced = book.priceCall(callOf(`${provider}/${name}`, { ...usage, serviceTier }, { at }));
        const lines = linesOf(priced, usage);
        const { costNanoUsd } = priced;
        fc.pre(costNanoUsd !== null);
        expect(new Set(lines.map((line) => line.bucket)).size).toBe(lines.length);
        let sum = 0n;
        for (const line of lines) {
          expect(line.quantity).toBe(usage[line.bucket]);
          const rate = parseDecimal(line.rateLabel, line.bucket === 'webSearches' ? 12 : 6);
          expect(line.amountPicoUsd).toBe(String(BigInt(line.quantity) * (rate?.value ?? -1n)));
          sum += BigInt(line.amountPicoUsd);
        }
        expect(costNanoUsd).toBe(Number(divideHalfEven(sum, 1000n)));
      }),
      { numRuns: 2000 },
    );
  });

  it('one row id stands for one set of rates', () => {
    const seen = new Map<string, unknown>();
    for (const { provider, name } of models) {
      for (const serviceTier of [null, 'flex', 'batch']) {
        for (const size of [1, 150_000, 300_000]) {
          const { priceRow } = book.priceCall({
            ...callOf(`${provider}/${name}`, {}),
            usage: usageOf({ inputUncached: size, serviceTier }),
          });
          const known = seen.get(priceRow?.id ?? '');
          if (known !== undefined) expect(known).toEqual(priceRow);
          seen.set(priceRow?.id ?? '', priceRow);
        }
      }
    }
    expect(seen.size).toBeGreaterThan(models.length);
  });
});
