import { readFileSync } from 'node:fs';
import type { CallToPrice } from '../../src-main/domain/pricing/price-book.ts';
import { type PriceBookData, parsePriceBook } from '../../src-main/domain/pricing/price-book-data.ts';
import { emptyUsage, type TokenUsage } from '../../src-main/domain/token-usage.ts';

export function readPriceBookFile(): PriceBookData {
  return parsePriceBook(JSON.parse(readFileSync(new URL('../../resources/price-book.json', import.meta.url), 'utf8')));
}

export const november = Date.UTC(2026, 10, 23, 12);

export function usageOf(buckets: Partial<TokenUsage>): TokenUsage {
  return { ...emptyUsage(), ...buckets };
}

export function callOf(target: string, usage: Partial<TokenUsage>, more: Partial<CallToPrice> = {}): CallToPrice {
  const [provider = '', ...model] = target.split('/');
  return { provider, model: model.join('/'), servedModel: null, at: november, usage: usageOf(usage), ...more };
}
