import { describe, expect, it, onTestFinished } from 'vitest';
import type { SpendGroup, SpendReport } from '../../src-main/contract/entities.ts';
import { renderCallsPath } from '../../src-renderer/features/overview/calls-path.ts';
import { buildRows, parseSort, sortRows, turnSort } from '../../src-renderer/features/overview/group-rows.ts';
import { parseRangeName, previousRange, resolveCustomRange, resolveRange } from '../../src-renderer/features/overview/overview-range.ts';
import { listBars, readBars, renderBarLabel, stackSeries } from '../../src-renderer/features/overview/spend-series.ts';
import { assignColours } from '../../src-renderer/ui/series-colour.ts';

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

/** The rest of the test happens in this time zone. */
function moveTo(zone: string): void {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  onTestFinished(() => {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  });
}

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

  it('D8: compare days of the calendar, also where a clock change lies between', () => {
    moveTo('America/New_York');
    // Clocks go back on 1 November 2026: that day has 25 hours.
    const monday = resolveRange('today', new Date(2026, 10, 2, 9, 15));
    expect(previousRange(monday, new Date(2026, 10, 2, 9, 15).getTime())).toEqual({
      from: new Date(2026, 10, 1).getTime(),
      to: new Date(2026, 10, 1, 9, 15).getTime(),
    });
    const week = resolveCustomRange('2026-11-01', '2026-11-07');
    expect(week && previousRange(week, new Date(2026, 11, 1).getTime())).toEqual({
      from: new Date(2026, 9, 25).getTime(),
      to: new Date(2026, 10, 1).getTime(),
    });
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
  it('begin with each hour or each day', () => {
    expect(listBars({ from: midnight, to: midnight + 24 * hour, bar: 'hour' })).toHaveLength(24);
    const days = listBars(resolveRange('7d', noon));
    expect(days.map((at) => renderBarLabel(at, 'day'))).toEqual(['11-22', '11-23', '11-24', '11-25', '11-26', '11-27', '11-28']);
  });

  it('take days by their date and hours by their beginning; what is not reported is an empty bar', () => {
    const days = [new Date(2026, 10, 26).getTime(), new Date(2026, 10, 27).getTime()];
    expect(readBars([group('2026-11-27', 5)], days, 'day')).toEqual([0, 5]);
    const nine = Date.parse('2026-11-28T09:00+01:00');
    expect(readBars([group('2026-11-28T09:00+01:00', 7)], [nine, nine + hour], 'hour')).toEqual([7, 0]);
  });

  it('count an hour that comes twice once each, and the half hour before a midnight within an hour', () => {
    moveTo('America/New_York');
    const long = listBars(resolveRange('today', new Date(2026, 10, 1, 12)));
    expect(long).toHaveLength(25);
    const twice = [group('2026-11-01T01:00-04:00', 3), group('2026-11-01T01:00-05:00', 4)];
    expect(readBars(twice, long, 'hour').slice(0, 4)).toEqual([0, 3, 4, 0]);
    expect(long.slice(0, 4).map((at) => renderBarLabel(at, 'hour'))).toEqual(['00:00', '01:00', '01:00', '02:00']);
    process.env['TZ'] = 'Asia/Kolkata';
    const indian = listBars(resolveRange('today', noon));
    expect(readBars([group('2026-11-27T23:30+05:30', 9)], indian, 'hour')[0]).toBe(9);
  });

  it('add up to the total: what no series names is the rest', () => {
    const named = [{ name: 'a', values: [1, 2] }];
    expect(stackSeries([4, 2], named)).toEqual([...named, { name: null, values: [3, 0] }]);
    expect(stackSeries([1, 2], named)).toEqual(named);
  });
});

describe('the table of groups', () => {
  const report = (groups: SpendGroup[]): SpendReport => ({ groupBy: 'model', from: 0, to: 1, totals: group(null, 0), groups });
  const unpriced = { ...group('unpriced', 0), unpriced: 3, calls: 9 };
  const rows = buildRows(report([group('a', 5), unpriced, { ...group('b', 7), calls: 4 }, group(null, 2)]), undefined, undefined);
  const keys = (text: string | null): (string | null)[] => sortRows(rows, parseSort(text)).map(({ key }) => key);

  it('is in the order of any column; what is unknown stands last either way', () => {
    expect(keys(null)).toEqual(['b', 'a', null, 'unpriced']);
    expect(keys('spend-up')).toEqual([null, 'a', 'b', 'unpriced']);
    expect(keys('calls')).toEqual(['unpriced', 'b', 'a', null]);
    expect(keys('name-up')).toEqual(['a', 'b', 'unpriced', null]);
    expect(keys('nonsense')).toEqual(keys(null));
    expect(keys('p50')).toEqual(keys('p50-up'));
  });

  it('turns a column round when its head is pressed again', () => {
    expect(turnSort(parseSort(null), 'calls')).toBe('calls');
    expect(turnSort(parseSort('calls'), 'calls')).toBe('calls-up');
    expect(turnSort(parseSort(null), 'spend')).toBe('spend-up');
    expect(turnSort(parseSort('spend-up'), 'spend')).toBeNull();
    expect(turnSort(parseSort(null), 'name')).toBe('name-up');
  });

  it('takes savings and times of the same group, and knows nothing of those without', () => {
    const [row] = buildRows(report([group('a', 5)]), undefined, {
      ...{ groupBy: 'model', from: 0, to: 1, countedFrom: 0, totals: { savedNanoUsd: 3, calls: 1, unknown: 0 } },
      groups: [{ key: 'a', savedNanoUsd: -3, calls: 1, unknown: 0 }],
    });
    expect(row).toMatchObject({ saved: -3, p50: null, firstToken: null });
    expect(rows.map(({ saved }) => saved)).toEqual([null, null, null, null]);
  });
});

it('an error leads to its calls, with the range and the filters of the page', () => {
  const item = {
    status: 'error',
    errorCode: 'upstream_auth',
    httpStatus: 502,
    provider: 'openai',
    calls: 2,
    lastCallId: 'call_1',
    lastAt: 5,
  } as const;
  expect(renderCallsPath(item, { from: 1, to: 9 }, { model: 'm', tag: ['a:b', 'c'] })).toBe(
    '/calls?status=error&errorCode=upstream_auth&httpStatus=502&provider=openai&model=m&tag=a%3Ab&tag=c&from=1&to=9',
  );
  expect(renderCallsPath({ ...item, errorCode: null, httpStatus: null, provider: null }, { from: 1, to: 9 }, {})).toBe(
    '/calls?status=error&from=1&to=9',
  );
});

describe('colours', () => {
  const names = ['gpt-5', 'claude', 'gemini', 'grok', 'llama', 'other'];

  it('belong to names and not to places', () => {
    const first = assignColours(names);
    expect(new Set(first.values()).size).toBe(names.length);
    expect(assignColours(names.toReversed())).toEqual(first);
  });

  it('stay with a name when others come and go', () => {
    const first = assignColours(names);
    expect(assignColours(['grok', 'a newcomer', 'other']).get('grok')).toBe(first.get('grok'));
    for (const name of names) expect(assignColours(['another', ...names]).get(name)).toBe(first.get(name));
  });

  it('come twice only when there are more names than colours', () => {
    const many = assignColours(Array.from({ length: 9 }, (_, index) => `model-${index}`));
    expect(many.size).toBe(9);
    expect(new Set(many.values()).size).toBe(7);
  });
});
