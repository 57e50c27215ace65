import { describe, expect, it } from 'vitest';
import type { SpendGroup } from '../../src-main/contract/entities.ts';
import { parseRangeName, previousRange, resolveCustomRange, resolveRange } from '../../src-renderer/features/overview/overview-range.ts';
import { listBarKeys, readBars, stackSeries } from '../../src-renderer/features/overview/spend-series.ts';

const hour = 3_600_000;
const noon = new Date(2026, 10, 28, 12, 30);
const midnight = new Date(2026, 10, 28).getTime();

const group = (key: string | null, costNanoUsd: number): SpendGroup => ({
  key,
  costNanoUsd,
  ...{
    calls: 1,
    failed: 0,
    unpriced: 0,
    estimated: 0,
    inputUncached: 0,
    inputCacheRead: 0,
    inputCacheWrite: 0,
    output: 0,
    outputReasoning: 0,
    durationMs: 0,
  },
});

describe('ranges', () => {
  it('are whole days of the viewer, today the last', () => {
    expect(resolveRange('today', noon)).toEqual({ from: midnight, to: new Date(2026, 10, 29).getTime(), bar: 'hour' });
    expect(resolveRange('7d', noon)).toEqual({ from: new Date(2026, 10, 22).getTime(), to: new Date(2026, 10, 29).getTime(), bar: 'day' });
  });

  it('D8: compare a day that is not over with as much of the day before', () => {
    const range = resolveRange('today', noon);
    expect(previousRange(range, noon.getTime())).toEqual({
      from: range.from - (range.to - range.from),
      to: noon.getTime() - (range.to - range.from),
    });
    const past = { from: midnight - 48 * hour, to: midnight - 24 * hour, bar: 'hour' } as const;
    expect(previousRange(past, noon.getTime())).toEqual({ from: midnight - 72 * hour, to: midnight - 48 * hour });
  });

  it('are today where the address says something else', () => {
    expect(['7d', 'custom', 'x', null].map(parseRangeName)).toEqual(['7d', 'custom', 'today', 'today']);
  });

  it('of one’s own take two days in any order, and refuse what are none', () => {
    const range = resolveCustomRange('2026-11-03', '2026-11-01');
    expect(range).toEqual({ from: new Date(2026, 10, 1).getTime(), to: new Date(2026, 10, 4).getTime(), bar: 'day' });
    expect(resolveCustomRange('2026-11-03', '2026-11-03')?.bar).toBe('hour');
    for (const bad of ['2026-02-30', '3.11.2026', '', null]) expect(resolveCustomRange(bad, '2026-11-03')).toBeNull();
    expect(resolveCustomRange('2020-01-01', '2026-11-03')).toBeNull();
  });
});

describe('bars', () => {
  it('have a key each, in the words of the report', () => {
    expect(listBarKeys({ from: midnight, to: midnight + 24 * hour, bar: 'hour' })).toHaveLength(24);
    expect(listBarKeys(resolveRange('7d', noon))).toEqual([
      '2026-11-22',
      '2026-11-23',
      '2026-11-24',
      '2026-11-25',
      '2026-11-26',
      '2026-11-27',
      '2026-11-28',
    ]);
  });

  it('take days by their name and hours by their beginning; what is not reported is an empty bar', () => {
    expect(readBars([group('2026-11-27', 5)], ['2026-11-26', '2026-11-27'])).toEqual([0, 5]);
    expect(readBars([group('2026-11-28T09:00+01:00', 7)], ['2026-11-28T09', '2026-11-28T10'])).toEqual([7, 0]);
  });

  it('add up to the total: what no series names is the rest', () => {
    const named = [{ name: 'a', values: [1, 2] }];
    expect(stackSeries([4, 2], named)).toEqual([...named, { name: null, values: [3, 0] }]);
    expect(stackSeries([1, 2], named)).toEqual(named);
  });
});
