/** A price as the gateway keeps it; what this form does not know of stays as it is. */
export interface PriceOverrideItem {
  match: string;
  free?: boolean;
  [field: string]: unknown;
}

/** In the order of the form; USD per 1M tokens. */
export const rateFields = [
  { name: 'input', label: 'Input', hint: 'USD per 1M tokens' },
  { name: 'output', label: 'Output', hint: 'USD per 1M tokens' },
  { name: 'cacheRead', label: 'Cache read', hint: 'Empty: as input' },
  { name: 'cacheWrite', label: 'Cache write', hint: 'Empty: as input' },
  { name: 'reasoning', label: 'Reasoning', hint: 'Empty: as output' },
] as const;
export type RateName = (typeof rateFields)[number]['name'];

export interface PriceFields {
  match: string;
  isFree: boolean;
  rates: Readonly<Record<RateName, string>>;
}

export type PriceProblems = Partial<Record<RateName | 'match', string>>;

export const emptyPrice: PriceFields = {
  match: '',
  isFree: false,
  rates: { input: '', output: '', cacheRead: '', cacheWrite: '', reasoning: '' },
};

/** Same limits as the gateway's: beyond them the number was meant per token, or per another unit. */
const maxRate = 10_000;
const minRate = 0.001;
/** Dearer than any model sold so far; allowed, and worth a second look. */
const dearRate = 600;
const decimal = /^\d+(\.\d{1,6})?$/;

export function checkPrice({ match, isFree, rates }: PriceFields): PriceProblems {
  const problems: PriceProblems = {};
  if (match.trim() === '') problems.match = 'Say which model: provider/model, or * for any text.';
  if (isFree) return problems;
  if (rates.input.trim() === '' && rates.output.trim() === '') problems.input = 'Give a price for input or output, or mark it free.';
  for (const { name } of rateFields) {
    const text = rates[name].trim();
    if (text !== '') {
      const problem = checkRate(text);
      if (problem !== null) problems[name] = problem;
    }
  }
  return problems;
}

function checkRate(text: string): string | null {
  if (!decimal.test(text)) return 'A number with at most 6 decimals, such as 2.50.';
  const rate = Number(text);
  if (rate > maxRate) return 'More than $10,000 per 1M tokens: was another unit meant?';
  if (rate > 0 && rate < minRate) return 'Less than $0.001 per 1M tokens: was it meant per token?';
  return null;
}

/** Not wrong, but likely a slip. */
export function warnOfPrice({ isFree, rates }: PriceFields): string | null {
  if (isFree) return null;
  const input = Number(rates.input);
  const output = Number(rates.output);
  if (input > dearRate || output > dearRate) return 'That is dearer than any model on sale. Prices are per 1M tokens.';
  if (rates.input !== '' && rates.output !== '' && output > 0 && output < input) return 'Output costs less than input here, which is rare.';
  return null;
}

export function buildOverride({ match, isFree, rates }: PriceFields): PriceOverrideItem {
  if (isFree) return { match: match.trim(), free: true };
  const given = rateFields.map(({ name }) => [name, rates[name].trim()] as const).filter(([, text]) => text !== '');
  return { match: match.trim(), ...Object.fromEntries(given) };
}

/** Cost of 1,000 input and 1,000 output tokens; null while one of the two is unknown. */
export function previewNanoUsd(item: PriceOverrideItem): number | null {
  if (item.free === true) return 0;
  const input = readRate(item['input']);
  const output = readRate(item['output']);
  // A thousand tokens at one USD per 1M are a thousandth of a USD: a million nano-dollars.
  return input === null || output === null ? null : Math.round((input + output) * 1_000_000);
}

function readRate(value: unknown): number | null {
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  const rate = Number(value);
  return value === '' || !Number.isFinite(rate) ? null : rate;
}

export function isOverride(value: unknown): value is PriceOverrideItem {
  return typeof value === 'object' && value !== null && typeof (value as PriceOverrideItem).match === 'string';
}

/** "in $2.50 · out $10 per 1M", or "free". */
export function renderRates(item: PriceOverrideItem): string {
  if (item.free === true) return 'free';
  const parts = rateFields
    .filter(({ name }) => item[name] !== undefined)
    .map(({ name, label }) => `${label.toLowerCase()} $${String(item[name])}`);
  return `${parts.join(' · ')} per 1M`;
}

/** The list with this price in it: it takes the place of one for the same models at all times. */
export function putOverride(items: readonly unknown[], item: PriceOverrideItem): unknown[] {
  const isReplaced = (other: unknown): boolean =>
    isOverride(other) && other.match === item.match && other['validFrom'] === undefined && other['validTo'] === undefined;
  return [...items.filter((other) => !isReplaced(other)), item];
}
