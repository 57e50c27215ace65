/** Linear interpolation between ranks; NaN for none. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) return Number.NaN;
  const rank = ((sorted.length - 1) * percent) / 100;
  const low = sorted[Math.floor(rank)] ?? Number.NaN;
  const high = sorted[Math.ceil(rank)] ?? Number.NaN;
  return low + (high - low) * (rank - Math.floor(rank));
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The middle half of the values, as "0.97–1.05". */
export function renderSpread(values: readonly number[], digits = 2): string {
  return `${percentile(values, 25).toFixed(digits)}–${percentile(values, 75).toFixed(digits)}`;
}
