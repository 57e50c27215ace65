import { useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { AdminEvent } from '../../../src-main/contract/admin-events.ts';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { useLiveEvent } from '../../api/live-state.tsx';
import { recentCallsQuery } from '../../api/queries.ts';

/** The newest finished call; null until there is one. Live, without a query. */
export function useLatestCall(): CallSummary | null {
  const { data } = useQuery(recentCallsQuery(1));
  const [heard, setHeard] = useState<CallSummary | null>(null);
  useLiveEvent(
    useCallback((event: AdminEvent) => {
      if (event.type === 'call-finished') setHeard(event.call);
    }, []),
  );
  return heard ?? data?.items[0] ?? null;
}
