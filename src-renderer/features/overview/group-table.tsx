import type { ReactNode } from 'react';
import { Money } from '../../ui/money.tsx';
import { renderCount, renderDuration, renderShare } from '../../ui/render-number.ts';
import { type GroupColumn, type GroupRow, type GroupSort, groupColumns, sortRows } from './group-rows.ts';
import styles from './overview.module.css';
import { SavingAmount } from './saving.tsx';

const words: Record<Exclude<GroupColumn, 'name'>, [label: string, title: string]> = {
  calls: ['calls', 'calls that ended'],
  failed: ['failed', 'calls that did not end well'],
  input: ['in', 'input tokens, cached ones included'],
  output: ['out', 'output tokens, thinking included'],
  cacheShare: ['cache', 'share of input tokens that was read from a cache'],
  saved: ['saved', 'by the cache'],
  p50: ['median', 'half of the successful calls took at most this'],
  p95: ['95 %', 'that many of the successful calls took at most this'],
  firstToken: ['first', 'median time to the first token of streamed calls'],
  spend: ['spend', 'calls without a price are left out'],
};

export interface GroupTableProps {
  by: string;
  rows: readonly GroupRow[];
  sort: GroupSort;
  colourOf: (name: string | null) => string;
  labelOf: (name: string) => string;
  onSort: (column: GroupColumn) => void;
  onSelect: (name: string) => void;
  /** Opens the form for a price; null for a group that needs none. */
  onPrice: (row: GroupRow) => (() => void) | null;
}

/** The groups of the chosen division. A name is a filter, a head is an order. */
export function GroupTable({ by, rows, sort, colourOf, labelOf, onSort, onSelect, onPrice }: GroupTableProps): ReactNode {
  const most = Math.max(1, ...rows.map(({ costNanoUsd }) => costNanoUsd));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
    <section className={styles['tableFrame']} aria-label={`Spend by ${by}`} tabIndex={0}>
      <table className={styles['table']}>
        <thead>
          <tr>
            {groupColumns.map((column) => (
              <Head
                key={column}
                column={column}
                label={column === 'name' ? by.replace(/^tag:/, '') : words[column][0]}
                sort={sort}
                onSort={onSort}
              />
            ))}
            <td className={styles['bar']} />
          </tr>
        </thead>
        <tbody>
          {sortRows(rows, sort).map((row) => (
            <tr key={row.key === null ? 'without' : `name ${row.key}`}>
              <th scope="row">
                {row.key === null || row.key === '' ? (
                  <span className={styles['without']}>without</span>
                ) : (
                  <button type="button" className={styles['link']} data-name="" title={row.key} onClick={() => onSelect(row.key ?? '')}>
                    {labelOf(row.key)}
                  </button>
                )}
              </th>
              <td>{renderCount(row.calls)}</td>
              <td data-bad={row.failed > 0 || undefined}>{renderCount(row.failed)}</td>
              <td>{renderCount(row.input)}</td>
              <td>{renderCount(row.output)}</td>
              <td>{row.cacheShare === null ? '–' : renderShare(row.cacheShare, 1)}</td>
              <td>
                <SavingAmount saving={row.saving} />
              </td>
              <td>{renderDuration(row.p50)}</td>
              <td className={styles['roomy']}>{renderDuration(row.p95)}</td>
              <td>{renderDuration(row.firstToken)}</td>
              <td>
                <Money nanoUsd={row.costNanoUsd} unpriced={row.unpriced} />
                <PriceLink name={row.key ?? ''} onPress={onPrice(row)} />
              </td>
              <td className={styles['bar']}>
                {row.costNanoUsd > 0 && (
                  <span
                    data-mark=""
                    style={{ width: `${Math.max(1, (row.costNanoUsd / most) * 100)}%`, background: `var(${colourOf(row.key)})` }}
                  />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface HeadProps {
  column: GroupColumn;
  label: string;
  sort: GroupSort;
  onSort: (column: GroupColumn) => void;
}

function Head({ column, label, sort, onSort }: HeadProps): ReactNode {
  const isSorted = sort.column === column;
  return (
    <th
      scope="col"
      className={column === 'p95' ? styles['roomy'] : undefined}
      aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        className={styles['sort']}
        title={column === 'name' ? undefined : words[column][1]}
        onClick={() => onSort(column)}
      >
        {label}
        <span aria-hidden="true">{isSorted ? (sort.isDescending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

function PriceLink({ name, onPress }: { name: string; onPress: (() => void) | null }): ReactNode {
  if (onPress === null) return null;
  return (
    <>
      {' '}
      <button type="button" className={styles['link']} aria-label={`Set a price for ${name}`} onClick={onPress}>
        set…
      </button>
    </>
  );
}
