/**
 * A decimal USD amount times 10^digits, exactly. Numbers are read through their shortest decimal form, which is how
 * they are written in the sources.
 * @returns {{ value: number, exact: boolean }} `exact` is false where the amount had more decimals and was rounded
 */
export function scaleDecimal(usd, digits) {
  const text = String(usd);
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new Error(`not a decimal amount: ${text}`);
  const fraction = match[2] ?? '';
  const kept = BigInt(match[1] + fraction.slice(0, digits).padEnd(digits, '0'));
  const rest = fraction.slice(digits).replace(/0+$/, '');
  const value = Number(rest !== '' && rest[0] >= '5' ? kept + 1n : kept);
  if (!Number.isSafeInteger(value)) throw new Error(`out of range: ${text}`);
  return { value, exact: rest === '' };
}

/** USD per 1M tokens is 10^-6 USD per token, so 6 decimals of it are whole pico-dollars. */
export const perMillionDigits = 6;
/** USD per 1,000 searches: 10^-3 USD each, 9 decimals are whole pico-dollars. */
export const perThousandDigits = 9;
