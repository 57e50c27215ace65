import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { SpendQuery } from '../../../src-main/contract/admin-api.ts';
import type { SpendReport } from '../../../src-main/contract/entities.ts';
import { spendQuery } from '../../api/queries.ts';
import { assignColours, restColour } from '../../ui/series-colour.ts';
import { parseRangeName, previousRange, type RangeName, resolveCustomRange, resolveRange, type SpendRange } from './overview-range.ts';
import { listBars, readBars, type SpendSeries, stackSeries } from './spend-series.ts';

const shownNames = 6;

/** What the address says: range, grouping and filters. */
export interface OverviewChoice {
  rangeName: RangeName;
  /** Of a custom range, "YYYY-MM-DD". */
  first: string | null;
  last: string | null;
  by: string;
  filter: Pick<SpendQuery, 'model' | 'provider' | 'caller' | 'tag' | 'includeDemo'>;
}

export function useOverviewChoice(): [OverviewChoice, (change: Record<string, string | readonly string[] | null>) => void] {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const choice = useMemo(() => readChoice(new URLSearchParams(text)), [text]);
  const change = (changes: Record<string, string | readonly string[] | null>): void =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) {
        next.delete(name);
        for (const item of value === null ? [] : [value].flat()) next.append(name, item);
      }
      return next;
    });
  return [choice, change];
}

function readChoice(params: URLSearchParams): OverviewChoice {
  const filter: OverviewChoice['filter'] = {};
  for (const name of ['model', 'provider', 'caller'] as const) {
    const value = params.get(name);
    if (value !== null) filter[name] = value;
  }
  const tags = params.getAll('tag');
  if (tags.length > 0) filter.tag = tags;
  if (params.get('demo') === '1') filter.includeDemo = true;
  const by = params.get('by') ?? 'model';
  return {
    rangeName: parseRangeName(params.get('range')),
    first: params.get('first'),
    last: params.get('last'),
    by: /^(model|provider|caller|tag:.{1,100})$/.test(by) ? by : 'model',
    filter,
  };
}

export interface Overview {
  range: SpendRange;
  /** The custom range of the address is none, and the last 30 days stand in its place. */
  isRangeBad: boolean;
  /** When each of them begins. */
  bars: readonly number[];
  /** By the chosen grouping. */
  report: SpendReport | undefined;
  previous: SpendReport | undefined;
  series: readonly SpendSeries[];
  /** The custom property with the colour of a name; null and what has no series of its own share one. */
  colourOf: (name: string | null) => string;
  error: Error | null;
  retry: () => void;
}

/** One question for the groups, one for the total over time, and one over time for each of the greatest groups. */
export function useOverview({ rangeName, first, last, by, filter }: OverviewChoice): Overview {
  const today = new Date().toDateString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: at midnight the range moves on
  const [range, isRangeBad] = useMemo((): [SpendRange, boolean] => {
    if (rangeName !== 'custom') return [resolveRange(rangeName, new Date()), false];
    const custom = resolveCustomRange(first, last);
    return [custom ?? resolveRange('30d', new Date()), custom === null];
  }, [rangeName, first, last, today]);
  const bars = useMemo(() => listBars(range), [range]);
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { from, to, bar } = range;
  const groups = useQuery({ ...spendQuery({ ...filter, from, to, groupBy: by }), placeholderData: keepPreviousData });
  const total = useQuery({ ...spendQuery({ ...filter, from, to, groupBy: bar, timeZone }), placeholderData: keepPreviousData });
  // To the minute, so that the question stays the same for a while.
  const before = previousRange(range, Math.floor(Date.now() / 60_000) * 60_000);
  const previous = useQuery({ ...spendQuery({ ...filter, ...before, groupBy: by }), placeholderData: keepPreviousData });
  const names = (groups.data?.groups ?? [])
    .filter((group) => group.key !== null && group.costNanoUsd > 0)
    .toSorted((a, b) => b.costNanoUsd - a.costNanoUsd)
    .slice(0, shownNames)
    .flatMap(({ key }) => key ?? []);
  const named = useQueries({
    queries: names.map((name) => spendQuery({ ...filter, ...narrow(by, name, filter.tag), from, to, groupBy: bar, timeZone })),
  });
  const questions = [groups, total, ...named];
  // While one of them is not known, the whole stands undivided: spend that cannot be named is spend all the same.
  const series = named.every(({ isSuccess }) => isSuccess)
    ? names.map((name, index): SpendSeries => ({ name, values: readBars(named[index]?.data?.groups ?? [], bars, bar) }))
    : [];
  const colours = assignColours(names);
  return {
    range,
    isRangeBad,
    bars,
    report: groups.data,
    previous: previous.data,
    series: stackSeries(readBars(total.data?.groups ?? [], bars, bar), series),
    colourOf: (name) => (name === null ? restColour : (colours.get(name) ?? restColour)),
    error: questions.find(({ error }) => error !== null)?.error ?? null,
    retry: () => void Promise.all(questions.map(({ refetch }) => refetch())),
  };
}

/** The filter that leaves one group of a grouping. */
function narrow(by: string, name: string, tags: SpendQuery['tag']): Pick<SpendQuery, 'model' | 'provider' | 'caller' | 'tag'> {
  if (by.startsWith('tag:')) return { tag: [...[tags ?? []].flat(), `${by.slice(4)}:${name}`] };
  return { [by]: name };
}
