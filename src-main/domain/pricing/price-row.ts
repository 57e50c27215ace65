import { type TokenBucket, tokenBuckets } from '../token-usage.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';

/**
 * The price one call was computed with, complete in itself: with the call's usage it gives the cost again, whatever
 * happens to the price book later.
 */
export interface PriceRow {
  /** Says everything that matters, rates included, so two rows with one id are interchangeable. */
  id: string;
  provider: string;
  model: string;
  /** USD per 1M tokens, webSearches: USD per search. Exact decimals, fallbacks and service tier applied; no entry = no rate. */
  rates: Partial<Record<TokenBucket, string>>;
  /** "base", "> 200000" or ">= 272000" prompt tokens. */
  tier: string;
  /** The service tier the rates are for; null = standard. */
  serviceTier: string | null;
  /** UTC date or instant; null = since ever. */
  validFrom: string | null;
  source: string;
  /** When the source was last read; null for overrides. */
  checkedAt: string | null;
}

/** Rates in the order of `tokenBuckets`, pico-USD each; null = no rate. */
export type RateList = readonly (bigint | null)[];

const RATE_DIGITS = 6;
const SEARCH_DIGITS = 12;

export function createPriceRow(facts: Omit<PriceRow, 'id' | 'rates'> & { origin: string; when: string }, rates: RateList): PriceRow {
  const { origin, when, ...row } = facts;
  const labels = renderRates(rates);
  const service = row.serviceTier === null ? '' : `+${row.serviceTier}`;
  const id = `${origin}${row.provider}/${row.model}@${when}#${row.tier.replace(' ', '')}${service}:${labels.map((label) => label ?? '-').join(',')}`;
  const listed: PriceRow['rates'] = {};
  tokenBuckets.forEach((bucket, index) => {
    const label = labels[index];
    if (label != null) listed[bucket] = label;
  });
  return { id, ...row, rates: listed };
}

/** Exact decimal USD labels, in the order of `tokenBuckets`. */
export function renderRates(rates: RateList): (string | null)[] {
  return tokenBuckets.map((bucket, index) => {
    const rate = rates[index] ?? null;
    return rate === null ? null : formatDecimal(rate, bucket === 'webSearches' ? SEARCH_DIGITS : RATE_DIGITS);
  });
}

/** The inverse: the rates of a stored row. */
export function readRates(row: PriceRow): RateList {
  return tokenBuckets.map((bucket) => {
    const label = row.rates[bucket];
    return label === undefined ? null : (parseDecimal(label, bucket === 'webSearches' ? SEARCH_DIGITS : RATE_DIGITS)?.value ?? null);
  });
}
