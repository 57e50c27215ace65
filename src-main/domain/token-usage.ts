/**
 * What one call consumed, in disjoint buckets: no token is counted in two of them, so cost is a plain sum of
 * bucket × rate. `null` means "the provider did not say", which is never the same as 0.
 */
export interface TokenUsage {
  /** Input tokens billed at the full rate: text that was neither read from nor written to a cache, audio and images excluded. */
  inputUncached: number | null;
  inputCacheRead: number | null;
  inputCacheWrite5m: number | null;
  inputCacheWrite1h: number | null;
  inputAudio: number | null;
  inputImage: number | null;
  /** Output tokens other than reasoning and audio. */
  outputText: number | null;
  outputReasoning: number | null;
  outputAudio: number | null;
  /** Billable web searches: a count, not tokens. */
  webSearches: number | null;
  /** The tier the provider says it served (its reply, not the request): "default", "flex", "priority", "standard", … */
  serviceTier: string | null;
  /** What the provider itself says the call cost, in nano-dollars; wins over every price table. */
  providerCostNanoUsd: number | null;
  flags: UsageFlag[];
  /** The provider's own usage object, untouched, so that a range can be re-priced later. */
  raw: unknown;
}

export type UsageFlag =
  /** The provider's parts do not add up to its total; buckets were clamped at 0. */
  | 'usage_inconsistent'
  /** Counted locally because the provider did not report (aborted stream, silent server). */
  | 'usage_estimated'
  /** The stream ended before the provider's final numbers; these are what had arrived. */
  | 'usage_partial';

export type TokenBucket =
  | 'inputUncached'
  | 'inputCacheRead'
  | 'inputCacheWrite5m'
  | 'inputCacheWrite1h'
  | 'inputAudio'
  | 'inputImage'
  | 'outputText'
  | 'outputReasoning'
  | 'outputAudio'
  | 'webSearches';

/** In the order the ledger stores them and the UI lists them. */
export const tokenBuckets: readonly TokenBucket[] = [
  'inputUncached',
  'inputCacheRead',
  'inputCacheWrite5m',
  'inputCacheWrite1h',
  'inputAudio',
  'inputImage',
  'outputText',
  'outputReasoning',
  'outputAudio',
  'webSearches',
];

/** A usage in which nothing was reported. */
export function emptyUsage(raw: unknown = null): TokenUsage {
  return {
    inputUncached: null,
    inputCacheRead: null,
    inputCacheWrite5m: null,
    inputCacheWrite1h: null,
    inputAudio: null,
    inputImage: null,
    outputText: null,
    outputReasoning: null,
    outputAudio: null,
    webSearches: null,
    serviceTier: null,
    providerCostNanoUsd: null,
    flags: [],
    raw,
  };
}

/** The flags with this one among them, once. */
export function addFlag(flags: readonly UsageFlag[], flag: UsageFlag): UsageFlag[] {
  return flags.includes(flag) ? [...flags] : [...flags, flag];
}

/** Sum of the reported input buckets; null when none was reported. */
export function totalInput(usage: TokenUsage): number | null {
  return sumReported([
    usage.inputUncached,
    usage.inputCacheRead,
    usage.inputCacheWrite5m,
    usage.inputCacheWrite1h,
    usage.inputAudio,
    usage.inputImage,
  ]);
}

/** Sum of the reported output buckets; null when none was reported. */
export function totalOutput(usage: TokenUsage): number | null {
  return sumReported([usage.outputText, usage.outputReasoning, usage.outputAudio]);
}

function sumReported(values: readonly (number | null)[]): number | null {
  let sum: number | null = null;
  for (const value of values) if (value !== null) sum = (sum ?? 0) + value;
  return sum;
}
