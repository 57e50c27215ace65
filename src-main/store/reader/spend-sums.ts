import type { SpendTotals } from '../../contract/entities.ts';
import { costSourceCodes, STATUS_OK, STATUS_STARTED, statusCodes, USAGE_REPORTED, usageFlagBits } from '../codes.ts';

/** The sums of a report and the columns of the roll-ups that hold them. */
const columns = {
  calls: 'calls',
  failed: 'failed',
  unpriced: 'unpriced',
  estimated: 'estimated',
  inputUncached: 'input_uncached',
  inputCacheRead: 'input_cache_read',
  inputCacheWrite: 'input_cache_write',
  output: 'output',
  outputReasoning: 'output_reasoning',
  costNanoUsd: 'cost_nano',
  durationMs: 'duration_ms',
} as const satisfies Record<keyof SpendTotals, string>;

const names = Object.keys(columns) as (keyof SpendTotals)[];

/** `sum(…) AS …` of every column of a roll-up, under the names of the columns. */
export const rollupSums = names.map((name) => `sum(${columns[name]}) AS ${columns[name]}`).join(', ');

/** The same, under the names of the report; 0 where there is no row. */
export const reportSums = names.map((name) => `coalesce(sum(${columns[name]}), 0) AS ${name}`).join(', ');

const code = statusCodes.codeOf;

/** What one row `c` of `calls` adds to each column, exactly as the writer counts it (ledger-writer/call-rows.ts). */
const shares: Record<(typeof columns)[keyof typeof columns], string> = {
  calls: '1',
  failed: `c.status <> ${STATUS_OK}`,
  unpriced: `c.cost_nano IS NULL AND (c.usage_flags & ${USAGE_REPORTED} OR c.status NOT IN (${code('error')}, ${code('blocked')}))`,
  estimated: `c.cost_source = ${costSourceCodes.codeOf('estimated')} OR c.usage_flags & ${usageFlagBits.usage_estimated} <> 0`,
  input_uncached: 'coalesce(c.input_uncached, 0) + coalesce(c.input_audio, 0) + coalesce(c.input_image, 0)',
  input_cache_read: 'coalesce(c.input_cache_read, 0)',
  input_cache_write: 'coalesce(c.input_cache_write_5m, 0) + coalesce(c.input_cache_write_1h, 0)',
  output: 'coalesce(c.output_text, 0) + coalesce(c.output_audio, 0)',
  output_reasoning: 'coalesce(c.output_reasoning, 0)',
  cost_nano: 'coalesce(c.cost_nano, 0)',
  duration_ms: 'coalesce(c.duration_ms, 0)',
};

/** The sums over rows `c` of `calls`, under the names of the columns of a roll-up. */
export const callSums = names.map((name) => `sum(${shares[columns[name]]}) AS ${columns[name]}`).join(', ');

/** Calls that are in the roll-ups. */
export const endedCalls = `c.status <> ${STATUS_STARTED}`;

export function emptyTotals(): SpendTotals {
  const totals: Partial<SpendTotals> = {};
  for (const name of names) totals[name] = 0;
  return totals as SpendTotals;
}

/** Adds to the first; with `sign` -1 takes away. */
export function addTotals(to: SpendTotals, more: SpendTotals, sign: 1 | -1 = 1): void {
  for (const name of names) to[name] += sign * more[name];
}
