import { readFileSync } from 'node:fs';
import { GatewayError } from '../domain/gateway-error.ts';
import { parsePriceOverrides } from '../domain/pricing/parse-price-overrides.ts';
import { createPriceBook, explainCost, type PriceBook } from '../domain/pricing/price-book.ts';
import { type PriceBookData, parsePriceBook } from '../domain/pricing/price-book-data.ts';
import type { PriceRow } from '../domain/pricing/price-row.ts';
import { emptyUsage, type TokenUsage } from '../domain/token-usage.ts';
import type { Metering } from '../proxy/settle-call.ts';

/** The price book in force with the user's overrides. */
export interface Prices extends Metering {
  /** Rebuilds after the overrides changed. */
  reload(): void;
  /** @throws GatewayError invalid_request naming the row at fault */
  checkOverrides(items: readonly unknown[]): void;
  explain(priceRow: unknown, usage: unknown): unknown[];
  /** Whether a call with input and output would have a cost at that time, epoch ms. */
  knows(provider: string, model: string, at: number): boolean;
}

/** The book (190 KB) is read at the first priced call or question, off the start-up path. */
export function createPrices(bookFile: string, readOverrides: () => readonly unknown[]): Prices {
  let data: PriceBookData | null = null;
  let book: PriceBook | null = null;
  const open = (): PriceBook => {
    data ??= parsePriceBook(JSON.parse(readFileSync(bookFile, 'utf8')));
    book ??= createPriceBook(data, parsePriceOverrides(readOverrides()).overrides);
    return book;
  };
  return {
    priceCall: (call) => open().priceCall(call),
    reload() {
      book = null;
    },
    checkOverrides(items) {
      const [problem] = parsePriceOverrides(items).problems;
      if (problem !== undefined)
        throw new GatewayError('invalid_request', `items.${problem.path}: ${problem.message}`, { param: `items.${problem.path}` });
    },
    knows(provider, model, at) {
      const usage = { ...emptyUsage(), inputUncached: 1, outputText: 1 };
      return open().priceCall({ provider, model, servedModel: null, at, usage }).costNanoUsd !== null;
    },
    explain(priceRow, usage) {
      return typeof priceRow === 'object' && priceRow !== null ? explainCost(priceRow as PriceRow, usage as TokenUsage) : [];
    },
  };
}
