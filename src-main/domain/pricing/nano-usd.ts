import { formatDecimal, parseDecimal } from './decimal.ts';

/**
 * Money is kept as integer nano-dollars (1e-9 USD) in a JS number: exact up to 9,007,199 USD, for one call and for a sum.
 */
const NANO_DIGITS = 9;

/** 54399000 is "0.054399": plain decimals, no exponent, no trailing zeros. */
export function formatNanoUsd(nanoUsd: number): string {
  return formatDecimal(nanoUsd, NANO_DIGITS);
}

/**
 * Reads a USD amount as a provider reports it (a JSON number such as 1.4e-7, or text) into nano-dollars, rounded half to even.
 * @returns null when it is no finite decimal number or does not fit a safe integer
 */
export function parseNanoUsd(usd: string | number): number | null {
  const nanoUsd = Number(parseDecimal(String(usd), NANO_DIGITS)?.value ?? Number.NaN);
  return Number.isSafeInteger(nanoUsd) ? nanoUsd : null;
}
