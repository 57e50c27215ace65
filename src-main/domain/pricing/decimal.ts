/** Exact decimal arithmetic on scaled integers: 1.25 with 6 digits is 1250000n. */

export interface ScaledDecimal {
  value: bigint;
  /** False when the text had more digits than asked for and was rounded (half to even). */
  exact: boolean;
}

/**
 * Reads "1.25", ".5", "-3", "1.4e-7" as an integer scaled by 10^digits.
 * @returns null when the text is no decimal number, or absurdly long
 */
export function parseDecimal(text: string, digits: number): ScaledDecimal | null {
  const match = /^(-?)(\d{0,40})(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim());
  const whole = match?.[2] ?? '';
  const fraction = match?.[3] ?? '';
  if (match === null || whole + fraction === '') return null;
  const unscaled = BigInt(whole + fraction) * (match[1] === '-' ? -1n : 1n);
  const shift = digits - fraction.length + Number(match[4] ?? 0);
  if (shift >= 0) return { value: unscaled * 10n ** BigInt(shift), exact: true };
  const divisor = 10n ** BigInt(-shift);
  return { value: divideHalfEven(unscaled, divisor), exact: unscaled % divisor === 0n };
}

/** The shortest exact text: 1250000n with 6 digits is "1.25". @param value a number must be a safe integer */
export function formatDecimal(value: bigint | number, digits: number): string {
  const isNegative = value < 0;
  const text = String(value)
    .slice(isNegative ? 1 : 0)
    .padStart(digits + 1, '0');
  const point = text.length - digits;
  let end = text.length;
  while (end > point && text.charCodeAt(end - 1) === 0x30) end--;
  const whole = (isNegative ? '-' : '') + text.slice(0, point);
  return end === point ? whole : `${whole}.${text.slice(point, end)}`;
}

/** Division rounded to the nearest integer, a tie to the even one. `divisor` is positive. */
export function divideHalfEven(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const doubled = remainder < 0n ? -remainder * 2n : remainder * 2n;
  const away = doubled > divisor || (doubled === divisor && quotient % 2n !== 0n);
  return away ? quotient + (dividend < 0n ? -1n : 1n) : quotient;
}
