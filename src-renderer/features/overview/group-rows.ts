import type { SpendReport } from '../../../src-main/contract/entities.ts';
import type { CacheSaving, CacheSavings, LatencyReport } from '../../../src-main/contract/reports.ts';

/** One line of the table of groups; null = unknown. */
export interface GroupRow {
  key: string | null;
  calls: number;
  failed: number;
  input: number;
  output: number;
  cacheShare: number | null;
  saved: number | null;
  saving: CacheSaving | null;
  p50: number | null;
  p95: number | null;
  firstToken: number | null;
  spend: number | null;
  costNanoUsd: number;
  unpriced: number;
}

export const groupColumns = [
  'name',
  'calls',
  'failed',
  'input',
  'output',
  'cacheShare',
  'saved',
  'p50',
  'p95',
  'firstToken',
  'spend',
] as const;
export type GroupColumn = (typeof groupColumns)[number];

export interface GroupSort {
  column: GroupColumn;
  isDescending: boolean;
}

const dearestFirst: GroupSort = { column: 'spend', isDescending: true };

/** "calls" is the most first, "calls-up" the fewest; the dearest first where nothing else is said. */
export function parseSort(text: string | null): GroupSort {
  const [name, direction] = (text ?? '').split('-');
  const column = groupColumns.find((known) => known === name);
  return column === undefined ? dearestFirst : { column, isDescending: direction !== 'up' };
}

/** What a click on a column makes of it: the greatest first, names from A; the other way when it was that already. */
export function turnSort(sort: GroupSort, column: GroupColumn): string | null {
  const isDescending = sort.column === column ? !sort.isDescending : column !== 'name';
  if (column === dearestFirst.column && isDescending) return null;
  return isDescending ? column : `${column}-up`;
}

export function buildRows(report: SpendReport, latency: LatencyReport | undefined, savings: CacheSavings | undefined): GroupRow[] {
  const times = new Map(latency?.groups.map((group) => [group.key, group]));
  const saved = new Map(savings?.groups.map((group) => [group.key, group]));
  return report.groups.map((group) => {
    const input = group.inputUncached + group.inputCacheRead + group.inputCacheWrite;
    const time = times.get(group.key);
    const saving = saved.get(group.key) ?? null;
    return {
      key: group.key,
      calls: group.calls,
      failed: group.failed,
      input,
      output: group.output + group.outputReasoning,
      cacheShare: input === 0 ? null : group.inputCacheRead / input,
      saved: saving?.savedNanoUsd ?? null,
      saving,
      p50: time?.durationMs?.p50 ?? null,
      p95: time?.durationMs?.p95 ?? null,
      firstToken: time?.firstTokenMs?.p50 ?? null,
      spend: group.costNanoUsd === 0 && group.unpriced > 0 ? null : group.costNanoUsd,
      costNanoUsd: group.costNanoUsd,
      unpriced: group.unpriced,
    };
  });
}

/** What is unknown stands last either way. */
export function sortRows(rows: readonly GroupRow[], { column, isDescending }: GroupSort): GroupRow[] {
  const sign = isDescending ? -1 : 1;
  const value = (row: GroupRow): string | number | null => (column === 'name' ? row.key : row[column]);
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || b.calls - a.calls;
    if (typeof left === 'string' || typeof right === 'string') return sign * String(left).localeCompare(String(right));
    return sign * (left - right) || b.calls - a.calls;
  });
}
