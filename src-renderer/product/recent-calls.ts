import { queryOptions } from '@tanstack/react-query';
import type { CallSummary } from '../../src-main/contract/entities.ts';
import { callAdmin } from '../api/client.ts';

/** The newest calls, whatever they were. */
export const recentCallsQuery = (limit: number) =>
  queryOptions({
    queryKey: ['recentCalls', limit] as const,
    queryFn: ({ signal }) => callAdmin('listCalls', { query: { limit } }, signal),
  });

/** The newest of them that came from such a program. */
export function findLastFrom(calls: readonly CallSummary[], client: RegExp): CallSummary | null {
  return calls.find((call) => call.client !== null && client.test(call.client)) ?? null;
}
