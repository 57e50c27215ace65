import { formatNanoUsd } from '../domain/pricing/nano-usd.ts';

const NANO_PER_STEP = 100_000;

/**
 * Up to four decimals, at least two: "$3.42", "$0.0412"; "<$0.0001" for less, "unpriced" for unknown, never "$0" for it.
 * Rounded half to even.
 */
export function renderMoney(nanoUsd: number | null): string {
  if (nanoUsd === null) return 'unpriced';
  if (nanoUsd > 0 && nanoUsd < NANO_PER_STEP) return '<$0.0001';
  const [whole = '0', decimals = ''] = formatNanoUsd(roundToStep(nanoUsd)).split('.');
  return `$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${decimals.padEnd(2, '0')}`;
}

/** A sum says how many calls it does not hold: "$0.61 + 3 unpriced"; "≈" where some amounts are estimates. */
export function renderTotal(totals: { costNanoUsd: number; calls: number; unpriced: number; estimated: number }): string {
  if (totals.unpriced > 0 && totals.unpriced >= totals.calls) return 'unpriced';
  const sum = (totals.estimated > 0 ? '≈ ' : '') + renderMoney(totals.costNanoUsd);
  return totals.unpriced > 0 ? `${sum} + ${totals.unpriced} unpriced` : sum;
}

function roundToStep(nanoUsd: number): number {
  const rest = nanoUsd % NANO_PER_STEP;
  const down = nanoUsd - rest;
  if (rest * 2 === NANO_PER_STEP) return (down / NANO_PER_STEP) % 2 === 0 ? down : down + NANO_PER_STEP;
  return rest * 2 < NANO_PER_STEP ? down : down + NANO_PER_STEP;
}
