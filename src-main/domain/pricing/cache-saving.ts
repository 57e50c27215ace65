import { tokenBuckets } from '../token-usage.ts';
import { type PriceRow, readRates } from './price-row.ts';

/** Input that was read from a cache or written to one. */
export interface CachedTokens {
  inputCacheRead: number;
  inputCacheWrite5m: number;
  inputCacheWrite1h: number;
}

/** What a token of each bucket costs less than an uncached one, pico-USD; writes usually cost more. null = no rate. */
export type SavingRates = Readonly<Record<keyof CachedTokens, bigint | null>>;

export function resolveSavingRates(row: PriceRow): SavingRates {
  const rates = readRates(row);
  const rateOf = (bucket: (typeof tokenBuckets)[number]): bigint | null => rates[tokenBuckets.indexOf(bucket)] ?? null;
  const full = rateOf('inputUncached');
  const saving = (bucket: keyof CachedTokens): bigint | null => {
    const rate = rateOf(bucket);
    return full === null || rate === null ? null : full - rate;
  };
  return {
    inputCacheRead: saving('inputCacheRead'),
    inputCacheWrite5m: saving('inputCacheWrite5m'),
    inputCacheWrite1h: saving('inputCacheWrite1h'),
  };
}

/** Pico-USD, below zero where caching cost more than it saved; null when a used bucket has no rate. */
export function sumSaving(tokens: CachedTokens, rates: SavingRates): bigint | null {
  let sum = 0n;
  for (const bucket of ['inputCacheRead', 'inputCacheWrite5m', 'inputCacheWrite1h'] as const) {
    if (tokens[bucket] === 0) continue;
    const rate = rates[bucket];
    if (rate === null) return null;
    sum += BigInt(tokens[bucket]) * rate;
  }
  return sum;
}
