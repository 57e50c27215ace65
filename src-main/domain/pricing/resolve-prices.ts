import { demoModel, localModel, localProviders } from './built-in-prices.ts';
import { createModelIndex, findModel, type ModelIndex, readModelNames } from './match-model.ts';
import type { BookProvider, PriceBookData } from './price-book-data.ts';
import { convertOverride, matchesOverride, type PriceOverride, readServiceTiers } from './price-override.ts';
import { createPricedModel, type PricedModel } from './priced-model.ts';

export interface PriceCandidate {
  priced: PricedModel;
  /** Found by likeness only, or for another model than the one the provider says it served. */
  guess: boolean;
}

export interface ModelQuery {
  provider: string;
  /** As sent to the provider. */
  model: string;
  /** As named in its reply; null when it named none. */
  servedModel: string | null;
}

/** Returns the prices that could apply to a model, the first that holds at the call's time being the one. */
export function createPriceResolver(book: PriceBookData, overrides: readonly PriceOverride[]): (query: ModelQuery) => PriceCandidate[] {
  const providers = new Map(book.providers.map((provider) => [provider.id, provider]));
  const indexes = new Map<string, ModelIndex>();
  // An exact entry says more than one with wildcards; otherwise the user's order counts.
  const ordered = [
    ...overrides.filter((override) => !/[*?]/.test(override.match)),
    ...overrides.filter((override) => /[*?]/.test(override.match)),
  ];

  const findInBook = (provider: BookProvider, names: readonly string[]): PriceCandidate | null => {
    const index = indexes.get(provider.id) ?? createModelIndex(provider.models);
    indexes.set(provider.id, index);
    const match = findModel(index, names);
    if (match === null) return null;
    const { package: source, version, checkedAt } = book.header.base;
    const priced = createPricedModel({
      provider: provider.id,
      model: match.model,
      origin: 'price-book',
      serviceTiers: { ...provider.serviceTiers, ...match.model.serviceTiers },
      validTo: null,
      source: `${source} ${version}`,
      checkedAt,
    });
    return { priced, guess: !match.certain };
  };

  return (query) => {
    const provider = query.provider.toLowerCase();
    const requested = readModelNames(provider, query.model);
    const served = query.servedModel ? readModelNames(provider, query.servedModel) : [];
    const listed = providers.get(provider);
    const servedPrice = listed === undefined ? null : findInBook(listed, served);
    const requestedPrice = listed === undefined ? null : findInBook(listed, requested);
    const candidates = [...resolveOverrides(ordered, provider, [...served, ...requested]), ...resolveBuiltIn(provider)];
    if (servedPrice !== null) candidates.push(servedPrice);
    // The reply named a model we cannot price: what was asked for is then a likely price, not a known one.
    const stranger = served.length > 0 && servedPrice === null;
    if (requestedPrice !== null) candidates.push(stranger ? { ...requestedPrice, guess: true } : requestedPrice);
    return candidates;
  };
}

function resolveOverrides(overrides: readonly PriceOverride[], provider: string, names: readonly string[]): PriceCandidate[] {
  return overrides.flatMap((override) => {
    const name = names.find((candidate) => matchesOverride(override, provider, candidate));
    if (name === undefined) return [];
    const priced = createPricedModel({
      provider,
      model: convertOverride(override, name),
      origin: 'override',
      serviceTiers: readServiceTiers(override),
      validTo: override.validTo ?? null,
      source: 'user override',
      checkedAt: null,
    });
    return [{ priced, guess: false }];
  });
}

function resolveBuiltIn(provider: string): PriceCandidate[] {
  const facts = { provider, serviceTiers: {}, validTo: null, source: '', checkedAt: null };
  if (provider === 'demo') return [{ priced: createPricedModel({ ...facts, model: demoModel, origin: 'demo' }), guess: false }];
  if (!localProviders.has(provider)) return [];
  return [{ priced: createPricedModel({ ...facts, model: localModel, origin: 'price-book' }), guess: false }];
}
