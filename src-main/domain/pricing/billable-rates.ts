import { type TokenBucket, tokenBuckets } from '../token-usage.ts';
import { divideHalfEven, parseDecimal } from './decimal.ts';
import type { BucketRates } from './price-book-data.ts';
import type { RateList } from './price-row.ts';

/**
 * Where a bucket has no rate of its own, the vendor bills it as part of the next one: reasoning is output, a cached
 * token is still an input token. A search is no token and has no substitute.
 */
const fallbacks: Partial<Record<TokenBucket, readonly TokenBucket[]>> = {
  inputCacheRead: ['inputUncached'],
  inputCacheWrite5m: ['inputUncached'],
  inputCacheWrite1h: ['inputCacheWrite5m', 'inputUncached'],
  inputAudio: ['inputUncached'],
  inputImage: ['inputUncached'],
  outputReasoning: ['outputText'],
  outputAudio: ['outputText'],
};

/** Every bucket's rate in the order of `tokenBuckets`, fallbacks resolved, token rates times `factor`. */
export function resolveRates(rates: BucketRates, free: boolean, factor: Factor): RateList {
  return tokenBuckets.map((bucket) => {
    if (free) return 0n;
    const listed = [bucket, ...(fallbacks[bucket] ?? [])].map((name) => rates[name]).find((rate) => rate !== undefined);
    if (listed === undefined) return null;
    return bucket === 'webSearches' ? BigInt(listed) : divideHalfEven(BigInt(listed) * factor.numerator, factor.denominator);
  });
}

/** A service tier's factor as a fraction: 1.8 is 1800000/1000000. */
export interface Factor {
  numerator: bigint;
  denominator: bigint;
}

export const plainFactor: Factor = { numerator: 1n, denominator: 1n };

/** Names of the ordinary tier in vendors' replies. */
const standardTiers: ReadonlySet<string> = new Set(['', 'default', 'standard', 'auto', 'on_demand', 'unspecified']);
const FACTOR_DIGITS = 6;

/**
 * The factor for a service tier as the provider reports it, such as "flex" or "standard+us" (two of them multiply).
 * @returns null when a part of it is not known: then only an estimate at ordinary rates is possible
 */
export function resolveFactor(serviceTier: string | null, factors: Readonly<Record<string, string>>): Factor | null {
  if (serviceTier === null) return plainFactor;
  let factor = plainFactor;
  for (const part of serviceTier.toLowerCase().split('+')) {
    const name = part.replace('service_tier_', '');
    if (standardTiers.has(name)) continue;
    const parsed = Object.hasOwn(factors, name) ? parseDecimal(factors[name] ?? '', FACTOR_DIGITS) : null;
    if (parsed === null) return null;
    factor = { numerator: factor.numerator * parsed.value, denominator: factor.denominator * 10n ** BigInt(FACTOR_DIGITS) };
  }
  return factor;
}
