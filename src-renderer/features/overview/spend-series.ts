import type { SpendGroup } from '../../../src-main/contract/entities.ts';
import { pad, renderDay, type SpendRange } from './overview-range.ts';

/** One colour of the chart: spend of one name over time, nano-dollars, one value a bar. */
export interface SpendSeries {
  /** null = what is not among the shown names. */
  name: string | null;
  values: number[];
}

const hourMs = 3_600_000;
const maxBars = 400;

/** When each bar of a range begins, epoch ms: days of the viewer's zone, or hours of which a day has 23 to 25. */
export function listBars({ from, to, bar }: SpendRange): number[] {
  const bars: number[] = [];
  const day = new Date(from);
  for (let at = from; at < to && bars.length < maxBars; ) {
    bars.push(at);
    if (bar === 'hour') at += hourMs;
    else at = day.setDate(day.getDate() + 1);
  }
  return bars;
}

/** "09:00" or "11-28". */
export function renderBarLabel(at: number, bar: SpendRange['bar']): string {
  const date = new Date(at);
  return bar === 'hour' ? `${pad(date.getHours())}:${pad(date.getMinutes())}` : renderDay(date).slice(5);
}

/**
 * Spend of each bar. Days are found by their date; hours, which the gateway cuts as UTC has them, by the instant they begin:
 * the first may begin before the range does (India's midnight lies within one).
 */
export function readBars(groups: readonly SpendGroup[], bars: readonly number[], bar: SpendRange['bar']): number[] {
  const values = bars.map(() => 0);
  const byDay = new Map(bars.map((at, index) => [renderDay(new Date(at)), index]));
  for (const { key, costNanoUsd } of groups) {
    const [first = 0] = bars;
    const index = bar === 'day' ? byDay.get(key ?? '') : Math.max(0, Math.floor((Date.parse(key ?? '') - first) / hourMs));
    if (index !== undefined && index < values.length) values[index] = (values[index] ?? 0) + costNanoUsd;
  }
  return values;
}

/** The named series, and what is left of the total for all others. */
export function stackSeries(total: readonly number[], named: readonly SpendSeries[]): SpendSeries[] {
  const rest = total.map((value, bar) => Math.max(0, value - named.reduce((sum, { values }) => sum + (values[bar] ?? 0), 0)));
  return rest.some((value) => value > 0) ? [...named, { name: null, values: rest }] : [...named];
}
