import { type TokenBucket, type TokenUsage, tokenBuckets } from '../token-usage.ts';
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

/**
 * @param totalPicoUsd null when the usage cannot be priced: a used bucket has no rate, or holds no count
 */
export interface CostSum {
  lines: CostLine[];
  totalPicoUsd: bigint | null;
}

/** The plain sum over disjoint buckets. Unreported and empty buckets give no line. */
export function sumCost(usage: TokenUsage, rates: RateList, labels: readonly (string | null)[], tier: string): CostSum {
  const lines: CostLine[] = [];
  let total = 0n;
  let priceable = true;
  let index = -1;
  for (const bucket of tokenBuckets) {
    index++;
    const quantity = usage[bucket];
    if (quantity === null || quantity === 0) continue;
    const rate = rates[index] ?? null;
    if (rate === null || !Number.isSafeInteger(quantity) || quantity < 0) {
      priceable = false;
      continue;
    }
    const amount = BigInt(quantity) * rate;
    total += amount;
    lines.push({ bucket, quantity, rateLabel: labels[index] ?? '', amountPicoUsd: amount.toString(), tier });
  }
  return { lines, totalPicoUsd: priceable ? total : null };
}
