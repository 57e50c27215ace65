import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react';
import { useLocation, useParams, useSearchParams } from 'wouter';
import { callerKeysQuery } from '../../api/queries.ts';
import { CallDetail } from './call-detail.tsx';
import { isEmptyFilter, readFilter } from './call-filter.ts';
import { CallList } from './call-list.tsx';
import styles from './calls-page.module.css';
import { FilterBar } from './filter-bar.tsx';
import { ListState } from './list-state.tsx';
import { SavedFilters } from './saved-filters-menu.tsx';
import { useCallKeys } from './use-call-keys.ts';
import { useCallRows } from './use-call-rows.ts';

export function CallsPage(): ReactNode {
  const { id: openId = null } = useParams<{ id?: string }>();
  const [params] = useSearchParams();
  const [, navigate] = useLocation();
  // The tab belongs to the detail: turning it makes no other list.
  const filterKey = useMemo(() => withoutTab(params), [params]);
  const filter = useMemo(() => readFilter(new URLSearchParams(filterKey)), [filterKey]);
  const [isHeld, setHeld] = useState(false);
  const { rows, held, pages, forget } = useCallRows(filter, isHeld);
  const { data: keys } = useQuery(callerKeysQuery);
  const callerNames = useMemo(() => new Map(keys?.items.map(({ id, name }) => [id, name])), [keys]);
  const [cursor, setCursor] = useState<string | null>(openId);
  const search = useRef<HTMLInputElement>(null);
  const query = params.toString();
  const open = useCallback(
    (id: string | null, replace = false) => {
      if (id !== null) setCursor(id);
      navigate(renderPath(id, query), { replace });
    },
    [navigate, query],
  );
  const openNew = useCallback((id: string) => open(id), [open]);
  useCallKeys({ rows, cursor: openId ?? cursor, openId, setCursor, open, search });
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = pages;
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <h1>Calls</h1>
        <SavedFilters key={filterKey} search={filterKey} />
      </header>
      <FilterBar filter={filter} params={params} search={search} onChange={(next) => navigate(renderPath(openId, next.toString()))} />
      <div className={styles['split']} data-open={openId !== null || undefined}>
        {rows.length === 0 ? (
          <div className={styles['state']}>
            <ListState pages={pages} isFiltered={!isEmptyFilter(filter)} onClear={() => navigate('/calls')} />
          </div>
        ) : (
          <CallList
            rows={rows}
            selectedId={openId ?? cursor}
            callerNames={callerNames}
            held={held}
            hasMore={hasNextPage}
            isLoadingMore={isFetchingNextPage}
            onLoadMore={() => void fetchNextPage()}
            onOpen={openNew}
            onHold={setHeld}
          />
        )}
        {openId !== null && (
          <section className={styles['detail']} aria-label="Call">
            <CallDetail key={openId} id={openId} callerNames={callerNames} onClose={() => open(null)} onDeleted={forget} />
          </section>
        )}
      </div>
    </div>
  );
}

function renderPath(id: string | null, query: string): string {
  const path = id === null ? '/calls' : `/calls/${encodeURIComponent(id)}`;
  return query === '' ? path : `${path}?${query}`;
}

function withoutTab(params: URLSearchParams): string {
  const filter = new URLSearchParams(params);
  filter.delete('tab');
  return filter.toString();
}
