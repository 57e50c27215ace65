import type { CostSource } from '../call.ts';
import type { TokenBucket } from '../token-usage.ts';
import { type Factor, plainFactor, resolveFactor, resolveRates } from './billable-rates.ts';
import type { BookModel, BookPrice, BookTier } from './price-book-data.ts';
import { createPriceRow, type PriceRow, type RateList } from './price-row.ts';
import { createPriceValidity, isValidAt, type PriceValidity } from './price-validity.ts';

/** The text comes from the provider's reply, which must not make memory grow without bound. */
const MAX_VARIANTS = 32;

/** Everything of a price that does not depend on one call's quantities, computed once and then shared. */
export interface PriceVariant {
  row: PriceRow;
  rates: RateList;
  free: boolean;
  /** The provider's service tier is not in the book, so ordinary rates stand in for it. */
  approximate: boolean;
}

export interface PricedModel {
  origin: Extract<CostSource, 'price-book' | 'override' | 'demo'>;
  estimate: 'always' | readonly TokenBucket[];
  /** null when no price holds at that time. */
  selectPrice(atMs: number, promptTokens: number, serviceTier: string | null): PriceVariant | null;
}

export interface PricedModelFacts {
  provider: string;
  model: BookModel;
  origin: PricedModel['origin'];
  serviceTiers: Readonly<Record<string, string>>;
  /** Exclusive end, for overrides. */
  validTo: string | null;
  /** For prices that do not name their own source. */
  source: string;
  checkedAt: string | null;
}

/** One model's prices with their dates, tiers and service tiers, ready for repeated lookups. */
export function createPricedModel(facts: PricedModelFacts): PricedModel {
  // Backwards, so that the first one that holds is the one with precedence.
  const prices = facts.model.prices.toReversed().map((price) => createDatedPrice(facts, price));
  return {
    origin: facts.origin,
    estimate: facts.model.estimate ?? [],
    selectPrice(atMs, promptTokens, serviceTier) {
      for (const price of prices) {
        if (isValidAt(price.validity, atMs)) return selectVariant(selectTier(price.tiers, promptTokens), serviceTier);
      }
      return null;
    },
  };
}

interface DatedPrice {
  validity: PriceValidity;
  /** The highest first; the last is the base and always fits. */
  tiers: readonly PriceTier[];
}

interface PriceTier {
  threshold: number;
  inclusive: boolean;
  /** By service tier as reported. */
  variants: Map<string | null, PriceVariant>;
  createVariant(serviceTier: string | null): PriceVariant;
}

function createDatedPrice(facts: PricedModelFacts, price: BookPrice): DatedPrice {
  const validity = createPriceValidity(price, facts.validTo);
  const base: BookTier = { threshold: Number.NEGATIVE_INFINITY, inclusive: true, rates: price.rates };
  const tiers = [base, ...(price.tiers ?? [])].toReversed();
  return { validity, tiers: tiers.map((tier) => createTier(facts, price, validity.label, tier)) };
}

function createTier(facts: PricedModelFacts, price: BookPrice, when: string, tier: BookTier): PriceTier {
  const label = tier.threshold === Number.NEGATIVE_INFINITY ? 'base' : `${tier.inclusive ? '>=' : '>'} ${tier.threshold}`;
  const free = price.free === true;
  const createVariant = (serviceTier: string | null, factor: Factor): PriceVariant => {
    const rates = resolveRates(tier.rates, free, factor);
    const row = createPriceRow(
      {
        origin: facts.origin === 'override' ? 'override:' : '',
        provider: facts.provider,
        model: facts.model.id,
        when,
        tier: label,
        serviceTier,
        validFrom: price.from ?? null,
        source: price.source ?? facts.source,
        checkedAt: price.source === undefined ? facts.checkedAt : (price.checkedAt ?? null),
      },
      rates,
    );
    return { row, rates, free, approximate: false };
  };
  const standard = createVariant(null, plainFactor);
  const unknownTier: PriceVariant = { ...standard, approximate: true };
  return {
    threshold: tier.threshold,
    inclusive: tier.inclusive,
    variants: new Map([[null, standard]]),
    createVariant(serviceTier) {
      const factor = resolveFactor(serviceTier, facts.serviceTiers);
      if (factor === null) return unknownTier;
      return factor === plainFactor ? standard : createVariant(serviceTier?.toLowerCase() ?? null, factor);
    },
  };
}

function selectTier(tiers: readonly PriceTier[], promptTokens: number): PriceTier | null {
  for (const tier of tiers) {
    if (promptTokens > tier.threshold || (tier.inclusive && promptTokens === tier.threshold)) return tier;
  }
  return null;
}

function selectVariant(tier: PriceTier | null, serviceTier: string | null): PriceVariant | null {
  if (tier === null) return null;
  const known = tier.variants.get(serviceTier);
  if (known !== undefined) return known;
  const variant = tier.createVariant(serviceTier);
  if (tier.variants.size < MAX_VARIANTS) tier.variants.set(serviceTier, variant);
  return variant;
}
