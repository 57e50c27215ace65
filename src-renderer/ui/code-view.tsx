import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import styles from './code-view.module.css';
import { CopyButton } from './copy-button.tsx';
import { IconButton } from './icon-button.tsx';
import { renderExactCount } from './render-number.ts';
import { divideIntoRows, findAll, maxMatches, type TextRows } from './text-rows.ts';

const rowPx = 18;
const marginPx = 8;
/** Of the widest of the monospace fonts, at the small size. */
const characterPx = 7.4;

export interface CodeViewProps {
  text: string;
  label: string;
  /** Shown beside the search. */
  tools?: ReactNode;
  maxHeight?: string;
}

/** Text of any length in rows, searchable; only the rows in sight exist. */
export function CodeView({ text, label, tools, maxHeight = '60vh' }: CodeViewProps): ReactNode {
  const box = useRef<HTMLElement>(null);
  const columns = useColumns(box);
  const rows = useMemo(() => divideIntoRows(text, columns), [text, columns]);
  const [needle, setNeedle] = useState('');
  const [at, setAt] = useState(-1);
  const found = useMemo(() => findAll(text, needle), [text, needle]);
  const virtual = useVirtualizer({ count: rows.count, getScrollElement: () => box.current, estimateSize: () => rowPx, overscan: 20 });
  const goTo = (index: number): void => {
    const next = Math.max(0, index + (index < 0 ? found.length : 0)) % Math.max(1, found.length);
    setAt(next);
    const offset = found[next];
    if (offset !== undefined) virtual.scrollToIndex(rows.rowAt(offset), { align: 'center' });
  };
  return (
    <div className={styles['view']}>
      <div className={styles['tools']}>
        <input
          type="search"
          className={styles['search']}
          aria-label={`Search in ${label}`}
          placeholder="Search"
          value={needle}
          onChange={(event) => {
            setNeedle(event.target.value);
            setAt(-1);
          }}
          onKeyDown={(event) => event.key === 'Enter' && goTo(event.shiftKey ? at - 1 : at + 1)}
        />
        {needle !== '' && (
          <span className={styles['count']} role="status">
            {renderPlaces(at, found.length)}
          </span>
        )}
        {found.length > 0 && <IconButton icon="chevron" label="Next place" onPress={() => goTo(at + 1)} />}
        {tools}
        <CopyButton text={text} label={`Copy ${label}`} isBrief />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: reached by keyboard to be scrolled */}
      <section ref={box} className={styles['text']} style={{ maxHeight }} tabIndex={0} aria-label={label}>
        <div className={styles['rows']} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => (
            <div key={index} className={styles['row']} style={{ transform: `translateY(${start}px)` }}>
              {needle === '' ? rows.row(index) : markRow(rows, index, found, needle.length, found[at])}
            </div>
          ))}
        </div>
      </section>
    </div>
  );
}

function renderPlaces(at: number, count: number): string {
  if (count === 0) return 'not found';
  const all = count < maxMatches ? renderExactCount(count) : `${renderExactCount(count)} or more`;
  return at === -1 ? `${all} found` : `${renderExactCount(at + 1)} of ${all}`;
}

/** How many characters fit into the box. */
function useColumns(box: React.RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(100);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => setColumns(Math.max(20, Math.floor((element.clientWidth - 2 * marginPx) / characterPx)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return columns;
}

function markRow(rows: TextRows, index: number, found: readonly number[], length: number, current: number | undefined): ReactNode {
  const text = rows.row(index);
  const start = rows.startOf(index);
  const pieces: ReactNode[] = [];
  let done = 0;
  for (let n = firstFrom(found, start - length + 1); n < found.length; n++) {
    const offset = found[n] ?? 0;
    const from = Math.max(done, offset - start);
    const to = Math.min(text.length, offset + length - start);
    if (offset - start >= text.length) break;
    if (to <= from) continue;
    pieces.push(
      text.slice(done, from),
      <mark key={offset} data-current={offset === current || undefined}>
        {text.slice(from, to)}
      </mark>,
    );
    done = to;
  }
  return [...pieces, text.slice(done)];
}

/** The first place at or after `offset`; they ascend. */
function firstFrom(found: readonly number[], offset: number): number {
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((found[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
