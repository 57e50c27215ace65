import { perMillionDigits, perThousandDigits, scaleDecimal } from './pico-usd.mjs';

/** Lays the hand-kept rows over the converted base, in place: rows, searches, one-hour writes, service tiers. */
export function applySupplement(providers, supplement) {
  for (const row of supplement.rows) addRow(findProvider(providers, row), row);
  for (const search of supplement.searches) addSearchPrice(findProvider(providers, search), search);
  for (const provider of providers) {
    for (const model of provider.models) {
      addHourWrites(model);
      sortPrices(provider, model);
    }
  }
  for (const tier of supplement.serviceTiers) addServiceTiers(findProvider(providers, tier), tier);
}

function findProvider(providers, row) {
  const provider = providers.find((candidate) => candidate.id === row.provider);
  if (!provider) throw new Error(`price-supplement.json names an unknown provider: ${row.provider}`);
  return provider;
}

function addRow(provider, row) {
  if (!row.source || !row.checkedAt) throw new Error(`${row.provider}/${row.model}: a row needs source and checkedAt`);
  const price = {
    ...(row.from && { from: row.from }),
    ...(row.hours && { hours: row.hours }),
    ...(row.weekdays && { weekdays: row.weekdays }),
    rates: scaleRates(row.rates),
    ...(row.tiers && { tiers: row.tiers.map((tier) => ({ ...tier, rates: scaleRates(tier.rates) })) }),
    source: row.source,
    checkedAt: row.checkedAt,
  };
  let model = provider.models.find((candidate) => candidate.id === row.model);
  if (!model) {
    model = { id: row.model, names: [row.model], prices: [] };
    provider.models.push(model);
  }
  const when = conditionOf(price);
  model.prices = [...model.prices.filter((existing) => conditionOf(existing) !== when), price];
}

function conditionOf(price) {
  return JSON.stringify([price.from ?? null, price.hours ?? null, price.weekdays ?? null]);
}

function scaleRates(rates) {
  const scaled = Object.entries(rates).map(([bucket, usd]) => {
    const { value, exact } = scaleDecimal(usd, bucket === 'webSearches' ? perThousandDigits : perMillionDigits);
    if (!exact) throw new Error(`${bucket} ${usd} is not whole pico-dollars`);
    return [bucket, value];
  });
  return Object.fromEntries(scaled);
}

function addSearchPrice(provider, search) {
  const pattern = new RegExp(search.models);
  const rate = scaleDecimal(search.usdPerThousand, perThousandDigits).value;
  for (const model of provider.models.filter((candidate) => pattern.test(candidate.id))) {
    for (const rates of allRates(model)) rates.webSearches ??= rate;
    if (search.estimate && model.estimate === undefined) model.estimate = ['webSearches'];
  }
}

/** Anthropic bills a one-hour write at twice the input rate, whoever resells it. */
function addHourWrites(model) {
  if (!model.id.includes('claude')) return;
  for (const rates of allRates(model)) {
    if (rates.inputCacheWrite5m !== undefined) rates.inputCacheWrite1h ??= rates.inputUncached * 2;
  }
}

function allRates(model) {
  return model.prices
    .flatMap((price) => [price.rates, ...(price.tiers ?? []).map((tier) => tier.rates)])
    .filter((rates) => rates.inputUncached !== undefined);
}

/** The last price whose conditions hold is the one that counts: by date, and a time of day or week after the plain row. */
function sortPrices(provider, model) {
  const timed = model.prices.filter((price) => price.hours && !price.from);
  if (timed.length > 0 && model.prices.some((price) => price.from)) {
    throw new Error(`${provider.id}/${model.id}: hours without a date beside dated rows; see dropBaseHours`);
  }
  const rank = (price) => `${price.from ?? ''} ${price.hours || price.weekdays ? 1 : 0}`;
  model.prices.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

function addServiceTiers(provider, tier) {
  const holders = tier.models ? tier.models.map((id) => findModel(provider, id)) : [provider];
  for (const holder of holders) holder.serviceTiers = { ...holder.serviceTiers, ...tier.multipliers };
  for (const model of tier.models ? holders : provider.models) assertWholeRates(provider, model, tier.multipliers);
}

function findModel(provider, id) {
  const model = provider.models.find((candidate) => candidate.id === id);
  if (!model) throw new Error(`price-supplement.json names an unknown model: ${provider.id}/${id}`);
  return model;
}

/** A multiplied rate must stay a whole number of pico-dollars, so that no cost needs a second rounding. */
function assertWholeRates(provider, model, multipliers) {
  for (const [name, factor] of Object.entries(multipliers)) {
    const hundredths = BigInt(scaleDecimal(factor, 2).value);
    for (const [bucket, rate] of allRates(model).flatMap(Object.entries)) {
      if (bucket !== 'webSearches' && (BigInt(rate) * hundredths) % 100n !== 0n) {
        throw new Error(`${provider.id}/${model.id}: ${bucket} × ${factor} (${name}) is not whole pico-dollars`);
      }
    }
  }
}
