/**
 * Nano-dollars of a decimal amount of dollars, exact: the decimal text is taken apart, so no float error enters.
 * Rounded half-even; null when it is not a non-negative amount or too large to count safely.
 */
export function parseUsd(amount: unknown): number | null {
  const text = typeof amount === 'number' ? String(amount) : typeof amount === 'string' ? amount.trim() : '';
  if (text.length > 60) return null;
  const match = /^(\d+)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text);
  if (match === null) return null;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  const scale = Number(exponent) - fraction.length + 9;
  return safeNumber(scale >= 0 ? digits * 10n ** BigInt(scale) : divideHalfEven(digits, 10n ** BigInt(-scale)));
}

/** Nano-dollars of xAI's `cost_in_usd_ticks`: 1 USD = 10^10 ticks (docs.x.ai), so ten ticks are one nano-dollar. */
export function parseUsdTicks(ticks: unknown): number | null {
  const text = typeof ticks === 'number' || typeof ticks === 'string' ? String(ticks) : '';
  return /^\d{1,30}$/.test(text) ? safeNumber(divideHalfEven(BigInt(text), 10n)) : null;
}

function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const twiceRest = (dividend % divisor) * 2n;
  const roundsUp = twiceRest > divisor || (twiceRest === divisor && quotient % 2n === 1n);
  return roundsUp ? quotient + 1n : quotient;
}

function safeNumber(nanoUsd: bigint): number | null {
  return nanoUsd <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(nanoUsd) : null;
}
