import type { SpendTotals } from '../contract/entities.ts';

export type SpendSum = Pick<SpendTotals, 'calls' | 'costNanoUsd' | 'unpriced' | 'estimated'>;

const nanoPerUsd = 1_000_000_000;

/** "$3.42", "$0.0412", "<$0.0001"; zero only when it is zero. */
export function renderUsd(nanoUsd: number): string {
  const usd = nanoUsd / nanoPerUsd;
  if (nanoUsd === 0) return '$0.00';
  if (usd < 0.0001) return '<$0.0001';
  if (usd < 0.1) return `$${usd.toFixed(4)}`;
  return `$${usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** A sum says what it does not hold: "$0.61 + 3 unpriced"; never "$0" for calls whose price is not known. */
export function renderSpend({ calls, costNanoUsd, unpriced, estimated }: SpendSum): string {
  if (unpriced > 0 && (unpriced >= calls || costNanoUsd === 0)) return 'unpriced';
  const sum = `${estimated > 0 ? '≈ ' : ''}${renderUsd(costNanoUsd)}`;
  return unpriced > 0 ? `${sum} + ${unpriced} unpriced` : sum;
}

export function renderAge(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'just now';
  return `${minutes} min ago`;
}
