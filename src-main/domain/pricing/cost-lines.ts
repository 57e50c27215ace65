import { type TokenBucket, type TokenUsage, tokenBuckets } from '../token-usage.ts';
import { divideHalfEven } from './decimal.ts';
import type { RateList } from './price-row.ts';

/** One bucket of one call: quantity × rate = amount. */
export interface CostLine {
  bucket: TokenBucket;
  quantity: number;
  /** USD per 1M tokens, or USD per search for webSearches: an exact decimal. */
  rateLabel: string;
  /** pico-USD (1e-12 USD), an exact integer. */
  amountPicoUsd: string;
  tier: string;
}

/** Every part of the sum. Unreported and empty buckets, and those without a rate, give no line. */
export function listCostLines(usage: TokenUsage, rates: RateList, labels: readonly (string | null)[], tier: string): CostLine[] {
  return tokenBuckets.flatMap((bucket, index) => {
    const quantity = usage[bucket];
    const rate = rates[index] ?? null;
    if (quantity === null || quantity === 0 || rate === null || !isCount(quantity)) return [];
    return { bucket, quantity, rateLabel: labels[index] ?? '', amountPicoUsd: (BigInt(quantity) * rate).toString(), tier };
  });
}

const PICO_PER_NANO = 1000;

/**
 * The plain sum over disjoint buckets in nano-dollars, rounded once, half to even.
 * @returns null when the usage cannot be priced (a used bucket has no rate, or holds no count) or the sum is no safe integer
 */
export function sumNanoUsd(usage: TokenUsage, rates: RateList): number | null {
  let total = 0;
  for (let index = 0; index < tokenBuckets.length; index++) {
    const quantity = usage[tokenBuckets[index] as TokenBucket];
    if (quantity === null || quantity === 0) continue;
    const rate = rates[index] ?? null;
    if (rate === null || !isCount(quantity)) return null;
    total += quantity * Number(rate);
  }
  // Integers below 2^53 are exact, and so are their products and sums as long as these stay below it (9,007 USD).
  if (!Number.isSafeInteger(total)) return sumLargeNanoUsd(usage, rates);
  const nanoUsd = Math.floor(total / PICO_PER_NANO);
  const doubledRest = 2 * (total - nanoUsd * PICO_PER_NANO);
  return doubledRest > PICO_PER_NANO || (doubledRest === PICO_PER_NANO && nanoUsd % 2 === 1) ? nanoUsd + 1 : nanoUsd;
}

function sumLargeNanoUsd(usage: TokenUsage, rates: RateList): number | null {
  const total = tokenBuckets.reduce((sum, bucket, index) => sum + BigInt(usage[bucket] ?? 0) * (rates[index] ?? 0n), 0n);
  const nanoUsd = Number(divideHalfEven(total, BigInt(PICO_PER_NANO)));
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : null;
}

function isCount(quantity: number): boolean {
  return Number.isSafeInteger(quantity) && quantity >= 0;
}
