import type { TokenBucket, TokenUsage } from '../token-usage.ts';
import { emptyUsage } from '../token-usage.ts';
import { plainFactor, resolveRates } from './billable-rates.ts';
import { sumNanoUsd } from './cost-lines.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';
import { matchesGlob } from './glob.ts';
import { formatNanoUsd } from './nano-usd.ts';
import type { BookModel, BucketRates } from './price-book-data.ts';

/** USD per 1M tokens; the last one USD per 1,000 searches. A number, or decimal text. */
export interface OverrideRates {
  input?: number | string;
  output?: number | string;
  /** Default: as `input`. */
  cacheRead?: number | string;
  /** Default: as `input`. */
  cacheWrite?: number | string;
  /** Default: as `cacheWrite`. */
  cacheWrite1h?: number | string;
  /** Default: as `output`. */
  reasoning?: number | string;
  inputAudio?: number | string;
  inputImage?: number | string;
  outputAudio?: number | string;
  webSearchPerThousand?: number | string;
}

/** A price the user sets. It replaces the book's whole row, so that what it says is all there is. */
export interface PriceOverride extends OverrideRates {
  /** "provider/model", or a bare model name for every provider; "*" stands for any text, "?" for one character. */
  match: string;
  /** Costs nothing, whatever the usage. */
  free?: boolean;
  /** Whole-call prices by prompt size; rates left out are those of the override itself. */
  tiers?: OverrideTier[];
  /** Service tier → factor on the token rates: { flex: 0.5 }. */
  serviceTiers?: Record<string, number | string>;
  /** ISO date (UTC) or instant, inclusive. */
  validFrom?: string;
  /** ISO date (UTC) or instant, exclusive. */
  validTo?: string;
}

export interface OverrideTier extends OverrideRates {
  aboveInputTokens: number;
  /** True: the tier begins at that number instead of above it. */
  inclusive?: boolean;
}

export const overrideRateBuckets: Readonly<Record<keyof OverrideRates, TokenBucket>> = {
  input: 'inputUncached',
  output: 'outputText',
  cacheRead: 'inputCacheRead',
  cacheWrite: 'inputCacheWrite5m',
  cacheWrite1h: 'inputCacheWrite1h',
  reasoning: 'outputReasoning',
  inputAudio: 'inputAudio',
  inputImage: 'inputImage',
  outputAudio: 'outputAudio',
  webSearchPerThousand: 'webSearches',
};

/** Does it speak about this model? `provider` and `model` in lower case. */
export function matchesOverride(override: PriceOverride, provider: string, model: string): boolean {
  const pattern = override.match.toLowerCase();
  return matchesGlob(pattern, `${provider}/${model}`) || matchesGlob(pattern, model);
}

/** The override in the book's form. The rates must have passed `parsePriceOverrides`. */
export function convertOverride(override: PriceOverride, model: string): BookModel {
  const rates = scaleRates(override);
  const tiers = (override.tiers ?? []).map((tier) => ({
    threshold: tier.aboveInputTokens,
    inclusive: tier.inclusive === true,
    rates: { ...rates, ...scaleRates(tier) },
  }));
  const price = { rates, tiers: tiers.toSorted((a, b) => a.threshold - b.threshold), free: override.free === true };
  return { id: model, names: [], prices: [override.validFrom === undefined ? price : { ...price, from: override.validFrom }] };
}

/** What a typical small call would cost, for the person entering the numbers: a slip of unit shows at once. */
export interface OverridePreview {
  inputTokens: number;
  outputTokens: number;
  /** null when the override has no rate for one of the two. */
  costNanoUsd: number | null;
  text: string;
}

/** The cost of 1,000 input and 1,000 output tokens at the override's ordinary rates. */
export function previewOverride(override: PriceOverride): OverridePreview {
  const usage: TokenUsage = { ...emptyUsage(), inputUncached: 1000, outputText: 1000 };
  const rates = resolveRates(scaleRates(override), override.free === true, plainFactor);
  const costNanoUsd = sumNanoUsd(usage, rates);
  const cost = costNanoUsd === null ? 'no known amount' : `$${formatNanoUsd(costNanoUsd)}`;
  return { inputTokens: 1000, outputTokens: 1000, costNanoUsd, text: `1,000 input + 1,000 output tokens cost ${cost}` };
}

function scaleRates(rates: OverrideRates): BucketRates {
  const scaled: BucketRates = {};
  for (const [field, bucket] of Object.entries(overrideRateBuckets)) {
    const rate = rates[field as keyof OverrideRates];
    const digits = bucket === 'webSearches' ? 9 : 6;
    const value = rate === undefined ? null : parseDecimal(String(rate), digits);
    if (value !== null) scaled[bucket] = Number(value.value);
  }
  return scaled;
}

/** "0.5" for a factor given as number or text. */
export function readServiceTiers(override: PriceOverride): Record<string, string> {
  const entries = Object.entries(override.serviceTiers ?? {});
  return Object.fromEntries(
    entries.map(([name, factor]) => [name.toLowerCase(), formatDecimal(parseDecimal(String(factor), 6)?.value ?? 0n, 6)]),
  );
}
