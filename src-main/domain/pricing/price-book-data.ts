import type { TokenBucket } from '../token-usage.ts';

/** resources/price-book.json, written by scripts/generate-price-book.mjs. */
export interface PriceBookData {
  format: 1;
  header: { base: { package: string; version: string; checkedAt: string } };
  providers: BookProvider[];
}

export interface BookProvider {
  id: string;
  /** Regular expression over the start of a base URL. */
  api: string;
  /** Service tier → factor on every token rate, a decimal string. */
  serviceTiers?: Record<string, string>;
  models: BookModel[];
}

export interface BookModel {
  id: string;
  /** Exact names, lower case. */
  names: string[];
  rules?: MatchRule[];
  /** In order of precedence: the last one whose conditions hold is the price. */
  prices: BookPrice[];
  serviceTiers?: Record<string, string>;
  /** What makes a computed cost an estimate: always, or as soon as one of these buckets is used. */
  estimate?: 'always' | TokenBucket[];
}

export type MatchRule =
  | { equals: string }
  | { starts_with: string }
  | { ends_with: string }
  | { contains: string }
  | { regex: string }
  | { or: MatchRule[] }
  | { and: MatchRule[] };

export interface BookPrice {
  /** First day (UTC) of validity, "2026-10-07"; absent = since ever. */
  from?: string;
  /** UTC times of day, start inclusive, end exclusive; may span midnight. */
  hours?: [string, string];
  /** UTC days of the week, 0 = Sunday. */
  weekdays?: number[];
  free?: boolean;
  rates: BucketRates;
  /** Ascending. A tier prices the whole call by the size of its prompt, cache reads and writes included. */
  tiers?: BookTier[];
  source?: string;
  checkedAt?: string;
}

export interface BookTier {
  threshold: number;
  /** True: the tier begins at `threshold`; false: above it. */
  inclusive: boolean;
  rates: BucketRates;
}

/** pico-USD (1e-12 USD) per token; webSearches: per search. */
export type BucketRates = Partial<Record<TokenBucket, number>>;

/**
 * Recognises a parsed price-book.json. The file is generated and tested, so only its format is checked.
 * @throws Error when the value is not a price book of this format
 */
export function parsePriceBook(value: unknown): PriceBookData {
  if (typeof value !== 'object' || value === null || !('format' in value) || !('providers' in value)) throw new Error('not a price book');
  if (value.format !== 1 || !Array.isArray(value.providers)) throw new Error(`unknown price book format: ${String(value.format)}`);
  return value as PriceBookData;
}
