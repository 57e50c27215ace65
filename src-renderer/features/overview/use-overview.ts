import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { SpendReport } from '../../../src-main/contract/entities.ts';
import { spendQuery } from '../../api/queries.ts';
import { assignColours, restColour } from '../../ui/series-colour.ts';
import { narrow, type OverviewChoice } from './overview-choice.ts';
import { previousRange, resolveCustomRange, resolveRange, type SpendRange } from './overview-range.ts';
import { listBars, readBars, type SpendSeries, stackSeries } from './spend-series.ts';

const shownNames = 6;

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
