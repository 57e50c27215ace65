import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { CacheSavings, ErrorReport, LatencyReport, UnpricedReport } from '../../../src-main/contract/reports.ts';
import { cacheSavingsQuery, errorsQuery, latencyQuery, unpricedQuery } from '../../api/queries.ts';
import type { OverviewChoice } from './overview-choice.ts';
import type { SpendRange } from './overview-range.ts';

export interface OverviewReports {
  latency: LatencyReport | undefined;
  savings: CacheSavings | undefined;
  errors: ErrorReport | undefined;
  unpriced: UnpricedReport | undefined;
  error: Error | null;
  retry: () => void;
}

/** What is told besides spend; the page does not wait for it. */
export function useOverviewReports({ by, filter }: OverviewChoice, { from, to }: SpendRange): OverviewReports {
  const range = { ...filter, from, to };
  const latency = useQuery({ ...latencyQuery({ ...range, groupBy: by }), placeholderData: keepPreviousData });
  const savings = useQuery({ ...cacheSavingsQuery({ ...range, groupBy: by }), placeholderData: keepPreviousData });
  const errors = useQuery({ ...errorsQuery(range), placeholderData: keepPreviousData });
  const unpriced = useQuery({ ...unpricedQuery(range), placeholderData: keepPreviousData });
  const questions = [latency, savings, errors, unpriced];
  return {
    latency: latency.data,
    savings: savings.data,
    errors: errors.data,
    unpriced: unpriced.data,
    error: questions.find(({ error }) => error !== null)?.error ?? null,
    retry: () => void Promise.all(questions.map(({ refetch }) => refetch())),
  };
}
