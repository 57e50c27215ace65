import { readFileSync } from 'node:fs';
import type { CostLine } from '../../src-main/domain/pricing/cost-lines.ts';
import { type CallToPrice, explainCost, type PricedCall } from '../../src-main/domain/pricing/price-book.ts';
import { type PriceBookData, parsePriceBook } from '../../src-main/domain/pricing/price-book-data.ts';
import { emptyUsage, type TokenUsage } from '../../src-main/domain/token-usage.ts';

export function readPriceBookFile(): PriceBookData {
  return parsePriceBook(JSON.parse(readFileSync(new URL('../../resources/price-book.json', import.meta.url), 'utf8')));
}

/** What the row of a priced call makes of its usage; none without a row. */
export function linesOf({ priceRow }: PricedCall, usage: Partial<TokenUsage>): CostLine[] {
  return priceRow === null ? [] : explainCost(priceRow, usageOf(usage));
}

export const november = Date.UTC(2026, 10, 23, 12);

export function usageOf(buckets: Partial<TokenUsage>): TokenUsage {
  return { ...emptyUsage(), ...buckets };
}

export function callOf(target: string, usage: Partial<TokenUsage>, more: Partial<CallToPrice> = {}): CallToPrice {
  const [provider = '', ...model] = target.split('/');
  return { provider, model: model.join('/'), servedModel: null, at: november, usage: usageOf(usage), ...more };
}
