import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { SpendReport } from '../../../src-main/contract/entities.ts';
import { Money } from '../../ui/money.tsx';
import { renderCount, renderShare } from '../../ui/render-number.ts';
import styles from './overview.module.css';

/** The groups of the chosen division, the dearest first. A name is a filter. */
export function GroupTable({
  by,
  report,
  colourOf,
  onSelect,
}: {
  by: string;
  report: SpendReport;
  colourOf: (name: string | null) => string;
  onSelect: (name: string) => void;
}): ReactNode {
  const groups = report.groups.toSorted((a, b) => b.costNanoUsd - a.costNanoUsd || b.calls - a.calls);
  const most = Math.max(1, ...groups.map(({ costNanoUsd }) => costNanoUsd));
  return (
    <section aria-label={`Spend by ${by}`}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">{by.startsWith('tag:') ? by.slice(4) : by}</th>
            <th scope="col">calls</th>
            <th scope="col">failed</th>
            <th scope="col">in</th>
            <th scope="col">out</th>
            <th scope="col">cache</th>
            <th scope="col">spend</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => {
            const input = group.inputUncached + group.inputCacheRead + group.inputCacheWrite;
            return (
              <tr key={group.key ?? ''}>
                <th scope="row">
                  {group.key === null || group.key === '' ? (
                    <span className={styles['without']}>without</span>
                  ) : (
                    <button type="button" className={styles['link']} onClick={() => onSelect(group.key ?? '')}>
                      {group.key}
                    </button>
                  )}
                </th>
                <td>{renderCount(group.calls)}</td>
                <td data-bad={group.failed > 0 || undefined}>{renderCount(group.failed)}</td>
                <td>{renderCount(input)}</td>
                <td>{renderCount(group.output + group.outputReasoning)}</td>
                <td>{renderShare(group.inputCacheRead, input) ?? '–'}</td>
                <td>
                  <Money nanoUsd={group.costNanoUsd} unpriced={group.unpriced} />
                  {by === 'model' && group.unpriced > 0 && (
                    <>
                      {' '}
                      <Link href={`/settings?model=${encodeURIComponent(group.key ?? '')}#prices`}>set a price</Link>
                    </>
                  )}
                </td>
                <td className={styles['bar']}>
                  <span
                    data-mark=""
                    style={{ width: `${Math.max(1, (group.costNanoUsd / most) * 100)}%`, background: `var(${colourOf(group.key)})` }}
                    hidden={group.costNanoUsd === 0}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
