import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { AdminEvent } from '../../../src-main/contract/admin-events.ts';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import { useLiveEvent } from '../../api/live-state.tsx';
import { callsQuery } from '../../api/queries.ts';
import { type CallFilter, filterToQuery } from './call-filter.ts';
import { addEvents, type LiveRows, mergeRows } from './live-rows.ts';

/** Events of a burst are taken in together. */
const settleMs = 120;
const noRows: LiveRows = new Map();

/** The list: stored pages, and on top what events tell. While `isHeld`, new calls wait and are only counted. */
export function useCallRows(filter: CallFilter, isHeld: boolean) {
  const query = useMemo(() => filterToQuery(filter), [filter]);
  const pages = useInfiniteQuery({
    ...callsQuery(query),
    // Events keep it fresh. Comparing 100,000 rows with what they were before each page would cost more than it saves.
    structuralSharing: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const [live, setLive] = useLiveRows(filter);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are another list
  useEffect(() => setLive(noRows), [query, pages.dataUpdatedAt === 0]);
  const heldAfter = useRef<number | null>(null);
  if (!isHeld) heldAfter.current = null;
  else heldAfter.current ??= Date.now();
  const after = heldAfter.current;
  const stored = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data]);
  const merged = useMemo(() => mergeRows(stored, live, after), [stored, live, after]);
  const queries = useQueryClient();
  const forget = useCallback(
    (id: string) => {
      setLive((rows) => new Map([...rows].filter(([known]) => known !== id)));
      // Asking for every page again would be much for one row.
      queries.setQueryData<CallPages>(callsQuery(query).queryKey, (data) => data && withoutCall(data, id));
    },
    [queries, query, setLive],
  );
  return { ...merged, pages, forget };
}

type CallPages = InfiniteData<{ items: CallSummary[]; nextCursor: string | null }, string | null>;

function withoutCall(data: CallPages, id: string): CallPages {
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter((call) => call.id !== id) })) };
}

function useLiveRows(filter: CallFilter) {
  const [live, setLive] = useState(noRows);
  const waiting = useRef<AdminEvent[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const onEvent = useCallback(
    (event: AdminEvent) => {
      waiting.current.push(event);
      timer.current ??= setTimeout(() => {
        timer.current = null;
        const events = waiting.current;
        waiting.current = [];
        setLive((rows) => addEvents(rows, events, filter));
      }, settleMs);
    },
    [filter],
  );
  useLiveEvent(onEvent);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  return [live, setLive] as const;
}
