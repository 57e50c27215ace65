// biome-ignore-all lint/a11y/useSemanticElements: the rows of a virtual grid are placed one by one, which no table does
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import type { CallSummary } from '../../../src-main/contract/entities.ts';
import styles from './call-list.module.css';
import { CallRow } from './call-row.tsx';

const rowPx = 32;
const headPx = 28;
/** Pages are asked for this many rows before the end comes into sight. */
const loadAhead = 60;

const columns = [
  ['state', 'State'],
  ['time', 'Time'],
  ['model', 'Model'],
  ['provider', 'Provider'],
  ['caller', 'Caller'],
  ['tokens', 'In → out'],
  ['duration', 'Time, first'],
  ['cost', 'Cost'],
  ['tags', 'Tags'],
] as const;

export interface CallListProps {
  rows: readonly CallSummary[];
  selectedId: string | null;
  callerNames: ReadonlyMap<string, string>;
  held: number;
  hasMore: boolean;
  isLoadingMore: boolean;
  onLoadMore: () => void;
  onOpen: (id: string) => void;
  /** Told when the top goes out of sight, and when it is back. */
  onHold: (isHeld: boolean) => void;
}

export function CallList(props: CallListProps): ReactNode {
  const { rows, selectedId, callerNames, held, hasMore, isLoadingMore, onLoadMore, onOpen, onHold } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    getItemKey: (index) => rows[index]?.id ?? index,
    estimateSize: () => rowPx,
    overscan: 12,
    scrollMargin: headPx,
    scrollPaddingStart: headPx,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoadingMore && last > rows.length - loadAhead) onLoadMore();
  }, [hasMore, isLoadingMore, last, rows.length, onLoadMore]);
  useSelectedInSight(rows, selectedId, (index) => virtual.scrollToIndex(index, { align: 'auto' }));
  return (
    <div className={styles['frame']}>
      {held > 0 && (
        <button type="button" className={styles['pill']} onClick={() => showTop(scroll, onHold)}>
          {held} new
        </button>
      )}
      <div
        ref={scroll}
        className={styles['scroll']}
        role="grid"
        aria-label="Calls, newest first"
        aria-rowcount={hasMore ? -1 : rows.length + 1}
        aria-activedescendant={selectedId === null ? undefined : `row-${selectedId}`}
        tabIndex={0}
        onScroll={(event) => onHold(event.currentTarget.scrollTop > rowPx / 2)}
      >
        <Head />
        <div className={styles['rows']} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, key, start }) => {
            const call = rows[index];
            if (call === undefined) return null;
            const callerName = call.callerKeyId === null ? null : (callerNames.get(call.callerKeyId) ?? call.callerKeyId);
            return (
              <CallRow
                key={key}
                call={call}
                index={index}
                top={start - headPx}
                isSelected={call.id === selectedId}
                callerName={callerName}
                onOpen={onOpen}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function Head(): ReactNode {
  return (
    <div role="row" tabIndex={-1} aria-rowindex={1} className={styles['head']}>
      {columns.map(([name, label]) => (
        <span key={name} role="columnheader" tabIndex={-1} className={`${styles['cell']} ${styles[name] ?? ''}`}>
          {label}
        </span>
      ))}
    </div>
  );
}

function showTop(scroll: RefObject<HTMLDivElement | null>, onHold: (isHeld: boolean) => void): void {
  scroll.current?.scrollTo({ top: 0 });
  onHold(false);
}

/** Only when another call is chosen: rows that arrive do not move the list. */
function useSelectedInSight(rows: readonly CallSummary[], selectedId: string | null, scrollTo: (index: number) => void): void {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (selectedId === shown.current) return;
    const index = rows.findIndex(({ id }) => id === selectedId);
    if (index === -1) return;
    shown.current = selectedId;
    scrollTo(index);
  });
}
