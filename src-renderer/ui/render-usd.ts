const nanoPerUsd = 1_000_000_000;

/**
 * An amount as people read it: "$3.42", "$0.0412", "<$0.0001", "$0.00". Cents from a dollar on, four digits below a dime;
 * the exact amount stands in the tooltip.
 * @param nanoUsd integer nano-dollars
 */
export function renderUsd(nanoUsd: number): string {
  const sign = nanoUsd < 0 ? '−' : '';
  const usd = Math.abs(nanoUsd) / nanoPerUsd;
  if (usd === 0) return '$0.00';
  if (usd < 0.0001) return `${sign}<$0.0001`;
  if (usd < 0.1) return `${sign}$${usd.toFixed(4)}`;
  return `${sign}$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** Every digit: "$0.041234567". */
export function renderExactUsd(nanoUsd: number): string {
  const digits = String(Math.abs(nanoUsd)).padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '').padEnd(2, '0');
  return `${nanoUsd < 0 ? '−' : ''}$${digits.slice(0, -9)}.${fraction}`;
}
