import type { CostSource } from '../call.ts';
import { type TokenUsage, totalInput, totalOutput } from '../token-usage.ts';
import { type CostLine, listCostLines, sumNanoUsd } from './cost-lines.ts';
import type { PriceBookData } from './price-book-data.ts';
import type { PriceOverride } from './price-override.ts';
import { type PriceRow, readRates, renderRates } from './price-row.ts';
import type { PricedModel, PriceVariant } from './priced-model.ts';
import { createPriceResolver, type ModelQuery, type PriceCandidate } from './resolve-prices.ts';

export interface CallToPrice extends ModelQuery {
  /** Epoch ms of the call's start: prices change by date and by hour. */
  at: number;
  usage: TokenUsage;
}

export interface PricedCall {
  /** Exact, rounded once (half to even); a safe integer, so up to 9,007,199 USD. null = unknown. */
  costNanoUsd: number | null;
  costSource: CostSource;
  priceRow: PriceRow | null;
}

export interface PriceBook {
  priceCall(call: CallToPrice): PricedCall;
  /** The provider whose prices hold at a base URL ("https://api.groq.com/openai/v1" → "groq"); null = none known. */
  resolveProvider(baseUrl: string): string | null;
}

/** Names come from callers and replies; beyond this the cache starts again. */
const MAX_CACHED = 4000;

/**
 * Prices calls. First the provider's own figure, then the user's overrides, then the book: for the model the provider
 * says it served, else for the one asked for. No price is `unknown`, never 0.
 * @param overrides as returned by `parsePriceOverrides`
 */
export function createPriceBook(book: PriceBookData, overrides: readonly PriceOverride[]): PriceBook {
  const resolvePrices = createPriceResolver(book, overrides);
  let cached = 0;
  const cache = new Map<string, Map<string, Map<string | null, PriceCandidate[]>>>();

  const readCandidates = (call: CallToPrice): PriceCandidate[] => {
    const known = cache.get(call.provider)?.get(call.model)?.get(call.servedModel);
    if (known !== undefined) return known;
    if (++cached > MAX_CACHED) {
      cache.clear();
      cached = 1;
    }
    const candidates = resolvePrices(call);
    const models = cache.get(call.provider) ?? new Map<string, Map<string | null, PriceCandidate[]>>();
    const servedModels = models.get(call.model) ?? new Map<string | null, PriceCandidate[]>();
    cache.set(call.provider, models.set(call.model, servedModels.set(call.servedModel, candidates)));
    return candidates;
  };

  return {
    priceCall(call) {
      const promptTokens = totalInput(call.usage) ?? 0;
      for (const { priced, guess } of readCandidates(call)) {
        const variant = priced.selectPrice(call.at, promptTokens, call.usage.serviceTier);
        if (variant !== null) return priceWith(call.usage, priced, variant, guess);
      }
      return finish(call.usage, null, 'unknown', null);
    },
    resolveProvider(baseUrl) {
      return book.providers.find((provider) => new RegExp(`^(?:${provider.api})`).test(baseUrl))?.id ?? null;
    },
  };
}

/** What the row stored with a call makes of its usage, also where the provider's own figure is the cost. */
export function explainCost(row: PriceRow, usage: TokenUsage): CostLine[] {
  const rates = readRates(row);
  return listCostLines(usage, rates, renderRates(rates), row.tier);
}

function priceWith(usage: TokenUsage, priced: PricedModel, variant: PriceVariant, guess: boolean): PricedCall {
  // What costs nothing costs nothing for any usage; otherwise a usage without a single report gives no sum.
  const reported = variant.free || totalInput(usage) !== null || totalOutput(usage) !== null;
  const costNanoUsd = reported ? sumNanoUsd(usage, variant.rates) : null;
  const estimated = !variant.free && (guess || variant.approximate || isEstimate(usage, priced));
  const source = priced.origin !== 'demo' && estimated ? 'estimated' : priced.origin;
  return finish(usage, costNanoUsd, source, variant.row);
}

function isEstimate(usage: TokenUsage, priced: PricedModel): boolean {
  if (usage.flags.includes('usage_estimated') || usage.flags.includes('usage_partial')) return true;
  return priced.estimate === 'always' || priced.estimate.some((bucket) => (usage[bucket] ?? 0) > 0);
}

/** The provider's own figure wins over any computed one. */
function finish(usage: TokenUsage, costNanoUsd: number | null, source: CostSource, row: PriceRow | null): PricedCall {
  const charged = usage.providerCostNanoUsd;
  if (charged !== null && Number.isSafeInteger(charged) && charged >= 0) {
    return { costNanoUsd: charged, costSource: 'provider', priceRow: row };
  }
  return { costNanoUsd, costSource: costNanoUsd === null ? 'unknown' : source, priceRow: row };
}
