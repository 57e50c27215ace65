import { perMillionDigits, perThousandDigits, scaleDecimal } from './pico-usd.mjs';

/** Base rate key → our bucket. */
const buckets = {
  input_mtok: 'inputUncached',
  cache_read_mtok: 'inputCacheRead',
  cache_write_mtok: 'inputCacheWrite5m',
  cache_write_1h_mtok: 'inputCacheWrite1h',
  input_audio_mtok: 'inputAudio',
  input_image_mtok: 'inputImage',
  output_mtok: 'outputText',
  output_reasoning_mtok: 'outputReasoning',
  output_audio_mtok: 'outputAudio',
  web_searches_kcount: 'webSearches',
};
/** Generated pictures and films are counted with the output tokens but cost more than text. */
const mediaOutput = ['output_image_mtok', 'output_video_mtok'];

/**
 * One model of the base in the book's form; null where the base gives no token price (it is then unknown, not free).
 * `notes` collects what could not be carried over.
 */
export function convertBaseModel(provider, model, supplement, notes) {
  const key = `${provider}/${model.id}`;
  const entries = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const free = model.id.endsWith(':free') || supplement.freeBase.models.includes(key);
  const kept = supplement.dropBaseHours.includes(key) ? entries.filter((entry) => entry.constraint?.type !== 'time_of_date') : entries;
  const prices = kept.map((entry) => convertEntry(key, entry, free, notes));
  if (prices.some((price) => price === null)) {
    notes.unpriced.push(key);
    return null;
  }
  const converted = { id: model.id, ...convertMatch(readMatch(provider, model, supplement)), prices };
  if (kept.some((entry) => isMedia(entry.prices))) converted.estimate = 'always';
  return converted;
}

function readMatch(provider, model, supplement) {
  return supplement.matches.find((row) => row.provider === provider && row.model === model.id)?.match ?? model.match;
}

/** Exact names become a list, so that the gateway can index them; the other rules stay as they are. */
function convertMatch(match) {
  const alternatives = 'or' in match ? match.or : [match];
  const names = alternatives.filter((rule) => 'equals' in rule).map((rule) => rule.equals.toLowerCase());
  const rules = alternatives.filter((rule) => !('equals' in rule));
  if (rules.some((rule) => 'or' in rule)) throw new Error(`nested "or": ${JSON.stringify(match)}`);
  return rules.length === 0 ? { names } : { names, rules };
}

function convertEntry(key, entry, free, notes) {
  const price = convertConstraint(entry.constraint);
  if (Object.keys(entry.prices).length === 0) return free ? { ...price, free: true, rates: {} } : null;
  const thresholds = new Set(
    Object.values(entry.prices).flatMap((rate) => (typeof rate === 'object' ? rate.tiers.map((tier) => tier.start) : [])),
  );
  const rates = convertRates(key, entry.prices, (rate) => rate.base, notes);
  if (rates.inputUncached === undefined) return null;
  const tiers = [...thresholds]
    .sort((a, b) => a - b)
    .map((start) => ({ ...convertThreshold(start), rates: convertRates(key, entry.prices, (rate) => tierAt(rate, start), notes) }));
  return tiers.length === 0 ? { ...price, rates } : { ...price, rates, tiers };
}

function convertConstraint(constraint) {
  if (constraint === undefined) return {};
  if (constraint.type === 'start_date') return { from: constraint.start_date };
  if (constraint.type !== 'time_of_date') throw new Error(`unknown constraint ${JSON.stringify(constraint)}`);
  return { hours: [constraint.start_time.slice(0, 5), constraint.end_time.slice(0, 5)] };
}

/** The base fires above `start`; a vendor's "from 272,000 on" is therefore written 271999 there. */
function convertThreshold(start) {
  return start % 1000 === 999 ? { threshold: start + 1, inclusive: true } : { threshold: start, inclusive: false };
}

function tierAt(rate, start) {
  return rate.tiers.filter((tier) => tier.start <= start).at(-1)?.price ?? rate.base;
}

function convertRates(key, prices, pick, notes) {
  const rates = {};
  for (const [name, rate] of Object.entries(prices)) {
    const bucket = buckets[name];
    if (bucket === undefined) {
      notes.ignoredRates.add(name);
      continue;
    }
    const usd = typeof rate === 'object' ? pick(rate) : rate;
    const { value, exact } = scaleDecimal(usd, bucket === 'webSearches' ? perThousandDigits : perMillionDigits);
    if (!exact) noteRounding(key, name, usd, notes);
    rates[bucket] = value;
  }
  const media = mediaOutput.map((name) => prices[name]).find((rate) => rate !== undefined);
  if (media !== undefined) {
    rates.outputReasoning ??= rates.outputText;
    rates.outputText = scaleDecimal(media, perMillionDigits).value;
  }
  return rates;
}

/** Only a twelfth of a dollar has ever needed it (OpenRouter's Gemini cache writes); anything else is a unit slip. */
function noteRounding(key, name, usd, notes) {
  if (Math.abs(usd * 12 - Math.round(usd * 12)) > 1e-9) throw new Error(`${key}: ${name} ${usd} is not whole pico-dollars per token`);
  notes.rounded.push(`${key} ${name} ${usd}`);
}

function isMedia(prices) {
  return [...mediaOutput, 'input_video_mtok'].some((name) => name in prices);
}
