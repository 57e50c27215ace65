import type { CallDetail } from '../../../src-main/contract/entities.ts';

export interface CostLine {
  bucket: string;
  quantity: number;
  rateLabel: string;
  amountPicoUsd: string;
  tier: string;
}

/** The lines of a call's cost; what has not this shape is left to the raw view. */
export function readCostLines(lines: readonly unknown[]): CostLine[] {
  return lines.flatMap((line) => {
    const { bucket, quantity, rateLabel, amountPicoUsd, tier } = (line ?? {}) as Partial<CostLine>;
    if (typeof bucket !== 'string' || typeof quantity !== 'number' || typeof amountPicoUsd !== 'string') return [];
    return [{ bucket, quantity, rateLabel: rateLabel ?? '', amountPicoUsd, tier: tier ?? '' }];
  });
}

export function sumPicoUsd(lines: readonly CostLine[]): string {
  return lines.reduce((sum, line) => sum + (/^\d+$/.test(line.amountPicoUsd) ? BigInt(line.amountPicoUsd) : 0n), 0n).toString();
}

const cachedBuckets = new Set(['inputCacheRead', 'inputCacheWrite5m', 'inputCacheWrite1h']);

export interface UncachedCost {
  /** The lines, had all cached input been ordinary input. */
  picoUsd: string;
  /** Against that; below zero where writing to the cache cost more than reading from it saved. */
  savedPicoUsd: bigint;
}

/** null when no input was cached, or when one of the rates is not known. */
export function readUncachedCost(lines: readonly CostLine[], usage: CallDetail['usage'], priceRow: unknown): UncachedCost | null {
  const cached = lines.filter(({ bucket }) => cachedBuckets.has(bucket));
  const rate = readInputRate(priceRow);
  if (cached.length === 0 || rate === null || findUnpricedBuckets(usage, lines).length > 0) return null;
  const savedPicoUsd = cached.reduce((sum, { quantity, amountPicoUsd }) => sum + BigInt(quantity) * rate - BigInt(amountPicoUsd), 0n);
  return { picoUsd: (BigInt(sumPicoUsd(lines)) + savedPicoUsd).toString(), savedPicoUsd };
}

/** Of ordinary input, in pico-dollars a token: USD per 1M tokens times a million. */
function readInputRate(priceRow: unknown): bigint | null {
  const { rates } = (priceRow ?? {}) as { rates?: { inputUncached?: unknown } };
  const match = /^(\d+)(?:\.(\d{1,6}))?$/.exec(String(rates?.inputUncached ?? ''));
  return match === null ? null : BigInt(`${match[1]}${(match[2] ?? '').padEnd(6, '0')}`);
}

export const bucketWords: Record<string, string> = {
  inputUncached: 'Input',
  inputCacheRead: 'Input from cache',
  inputCacheWrite5m: 'Cache write, 5 min',
  inputCacheWrite1h: 'Cache write, 1 h',
  inputAudio: 'Audio in',
  inputImage: 'Image in',
  outputText: 'Output',
  outputReasoning: 'Thinking',
  outputAudio: 'Audio out',
  webSearches: 'Web searches',
};

/** "$3.00 / 1M" or "$0.01 / search". */
export function renderRate({ bucket, rateLabel }: CostLine): string {
  if (rateLabel === '') return '–';
  return `$${rateLabel.replace(/^\$/, '')} / ${bucket === 'webSearches' ? 'search' : '1M'}`;
}

export interface PriceNote {
  model: string | null;
  tier: string | null;
  source: string | null;
  checkedAt: string | null;
}

export function readPriceNote(row: unknown): PriceNote | null {
  if (typeof row !== 'object' || row === null) return null;
  const fields = row as Record<string, unknown>;
  const text = (name: string): string | null => (typeof fields[name] === 'string' ? fields[name] : null);
  return { model: text('model'), tier: text('serviceTier'), source: text('source'), checkedAt: text('checkedAt') };
}

/** Buckets that were used and have no line: no rate is known for them. */
export function findUnpricedBuckets(usage: CallDetail['usage'], lines: readonly CostLine[]): [bucket: string, quantity: number][] {
  const priced = new Set(lines.map(({ bucket }) => bucket));
  return Object.entries(usage).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0 && !priced.has(entry[0]),
  );
}
