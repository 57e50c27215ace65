import type { SpendGroup } from '../../../src-main/contract/entities.ts';
import { pad, renderDay, type SpendRange } from './overview-range.ts';

/** One colour of the chart: spend of one name over time, nano-dollars, one value a bar. */
export interface SpendSeries {
  /** null = what is not among the shown names. */
  name: string | null;
  values: number[];
}

/** Keys of the bars of a range in the viewer's zone, as /admin/spend names hours and days. */
export function listBarKeys(range: SpendRange): string[] {
  const keys: string[] = [];
  const at = new Date(range.from);
  while (at.getTime() < range.to && keys.length < 400) {
    keys.push(range.bar === 'day' ? renderDay(at) : `${renderDay(at)}T${pad(at.getHours())}`);
    if (range.bar === 'day') at.setDate(at.getDate() + 1);
    else at.setTime(at.getTime() + 3_600_000);
  }
  return keys;
}

/** Spend of each bar; hours are matched by their beginning, since their key goes on with minutes and offset. */
export function readBars(groups: readonly SpendGroup[], keys: readonly string[]): number[] {
  const byKey = new Map(groups.map((group) => [group.key?.slice(0, 13) ?? '', group.costNanoUsd]));
  return keys.map((key) => byKey.get(key) ?? 0);
}

/** The named series, and what is left of the total for all others. */
export function stackSeries(total: readonly number[], named: readonly SpendSeries[]): SpendSeries[] {
  const rest = total.map((value, bar) => Math.max(0, value - named.reduce((sum, { values }) => sum + (values[bar] ?? 0), 0)));
  return rest.some((value) => value > 0) ? [...named, { name: null, values: rest }] : [...named];
}
