import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { AdminEvent } from '../../../src-main/contract/admin-events.ts';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { useLiveEvent } from '../../api/live-state.tsx';
import { callsQuery } from '../../api/queries.ts';

const newest = callsQuery({});

/** The newest calls, as they end; null while they are not known. */
export function useLatestCalls(): readonly CallSummary[] | null {
  const queries = useQueryClient();
  const { data } = useInfiniteQuery(newest);
  const onEvent = useCallback(
    (event: AdminEvent) => {
      if (event.type === 'call-finished') void queries.invalidateQueries({ queryKey: newest.queryKey });
    },
    [queries],
  );
  useLiveEvent(onEvent);
  return data?.pages[0]?.items ?? null;
}
