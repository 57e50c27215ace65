import { parseDecimal } from './decimal.ts';
import { type OverrideTier, overrideRateBuckets, type PriceOverride } from './price-override.ts';

export interface ParsedOverrides {
  overrides: PriceOverride[];
  problems: OverrideProblem[];
}

export interface OverrideProblem {
  /** "2.tiers.0.input": where in the list. */
  path: string;
  message: string;
}

const RATE_DIGITS = 6;
/** No model has ever cost a tenth of this; a value above it was meant for another unit. */
const MAX_RATE = 10_000n * 10n ** 6n;
/** The cheapest tokens cost more than this (0.001 USD per 1M), the dearest less per single token. */
const MIN_RATE = 1_000n;
const rateFields = Object.keys(overrideRateBuckets);
const overrideFields = new Set([...rateFields, 'match', 'free', 'tiers', 'serviceTiers', 'validFrom', 'validTo']);
const tierFields = new Set([...rateFields, 'aboveInputTokens', 'inclusive']);

type Report = (path: string, message: string) => void;

/**
 * Reads the user's price list. An entry with a problem is left out and named in `problems`; it never half applies.
 * @param value an array of PriceOverride, from a settings form or a config file
 */
export function parsePriceOverrides(value: unknown): ParsedOverrides {
  const overrides: PriceOverride[] = [];
  const problems: OverrideProblem[] = [];
  if (!Array.isArray(value)) return { overrides, problems: [{ path: '', message: 'expected a list of price overrides' }] };
  value.forEach((entry: unknown, index) => {
    const before = problems.length;
    const override = parseOverride(entry, (path, message) =>
      problems.push({ path: path === '' ? `${index}` : `${index}.${path}`, message }),
    );
    if (override !== null && problems.length === before) overrides.push(override);
  });
  return { overrides, problems };
}

function parseOverride(entry: unknown, report: Report): PriceOverride | null {
  if (!isRecord(entry)) {
    report('', 'expected an object');
    return null;
  }
  checkFields(entry, overrideFields, '', report);
  if (typeof entry['match'] !== 'string' || entry['match'].trim() === '')
    report('match', 'say which model: "provider/model", "*" for any text');
  if (entry['free'] !== undefined && typeof entry['free'] !== 'boolean') report('free', 'expected true or false');
  if (entry['free'] !== true && entry['input'] === undefined && entry['output'] === undefined) {
    report('input', 'give a price for input or output, or set free');
  }
  checkRates(entry, '', report);
  checkTiers(entry['tiers'], report);
  checkServiceTiers(entry['serviceTiers'], report);
  const from = checkDate(entry['validFrom'], 'validFrom', report);
  const to = checkDate(entry['validTo'], 'validTo', report);
  if (from !== null && to !== null && from >= to) report('validTo', 'must be after validFrom');
  // Every field has just been checked; a wrong one has been reported and the entry is then not used.
  return entry as unknown as PriceOverride;
}

function checkFields(entry: Record<string, unknown>, known: ReadonlySet<string>, prefix: string, report: Report): void {
  for (const field of Object.keys(entry))
    if (!known.has(field)) report(prefix + field, `unknown field; known are ${[...known].join(', ')}`);
}

function checkRates(entry: Record<string, unknown>, prefix: string, report: Report): void {
  for (const field of rateFields) {
    const rate = entry[field];
    if (rate === undefined) continue;
    const message = checkRate(rate, field === 'webSearchPerThousand');
    if (message !== null) report(prefix + field, message);
  }
}

function checkRate(rate: unknown, perThousand: boolean): string | null {
  if (typeof rate !== 'number' && typeof rate !== 'string') return 'expected a number';
  const unit = perThousand ? 'USD per 1,000 searches' : 'USD per 1M tokens';
  const parsed = parseDecimal(String(rate), RATE_DIGITS);
  if (parsed === null || parsed.value < 0n) return `expected ${unit}, 0 or more`;
  const unitHint = `did you mean per token? Prices are asked in ${unit}`;
  if (parsed.value > MAX_RATE) return `${rate} is more than 10,000: ${unitHint}`;
  const tiny = parsed.value < MIN_RATE && !(parsed.value === 0n && parsed.exact);
  if (tiny && !perThousand) return `${rate} is less than 0.001: ${unitHint}`;
  return parsed.exact ? null : `${rate} has more than ${RATE_DIGITS} decimals`;
}

function checkTiers(tiers: unknown, report: Report): void {
  if (tiers === undefined) return;
  if (!Array.isArray(tiers)) {
    report('tiers', 'expected a list');
    return;
  }
  tiers.forEach((tier: unknown, index) => {
    const path = `tiers.${index}.`;
    if (!isRecord(tier)) {
      report(`tiers.${index}`, 'expected an object');
      return;
    }
    checkFields(tier, tierFields, path, report);
    checkRates(tier, path, report);
    const above = (tier as Partial<OverrideTier>).aboveInputTokens;
    if (!Number.isSafeInteger(above) || Number(above) < 0) report(`${path}aboveInputTokens`, 'expected a number of tokens');
    if (tier['inclusive'] !== undefined && typeof tier['inclusive'] !== 'boolean') report(`${path}inclusive`, 'expected true or false');
  });
}

function checkServiceTiers(tiers: unknown, report: Report): void {
  if (tiers === undefined) return;
  if (!isRecord(tiers)) {
    report('serviceTiers', 'expected { tier: factor }');
    return;
  }
  for (const [name, factor] of Object.entries(tiers)) {
    const parsed = typeof factor === 'number' || typeof factor === 'string' ? parseDecimal(String(factor), RATE_DIGITS) : null;
    const valid = parsed?.exact === true && parsed.value >= 0n && parsed.value <= 100_000_000n;
    if (!valid) report(`serviceTiers.${name}`, 'expected a factor from 0 to 100, such as 0.5');
  }
}

function checkDate(date: unknown, field: string, report: Report): number | null {
  if (date === undefined) return null;
  const time = typeof date === 'string' && /^\d{4}-\d\d-\d\d(?:T.*Z)?$/.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(time)) report(field, 'expected a date such as 2026-12-01, or an instant such as 2026-12-01T08:00:00Z');
  return Number.isNaN(time) ? null : time;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
