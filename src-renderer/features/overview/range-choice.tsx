import type { ReactNode } from 'react';
import { Segmented } from '../../ui/segmented.tsx';
import styles from './overview.module.css';
import type { OverviewChoice } from './overview-choice.ts';
import { type RangeName, rangeNames, renderDay, resolveRange } from './overview-range.ts';

/** The days that are looked at. A custom range begins as the last thirty days. */
export function RangeChoice({
  choice: { rangeName, first, last },
  onChange,
}: {
  choice: OverviewChoice;
  onChange: (change: Record<string, string | null>) => void;
}): ReactNode {
  const choose = (range: RangeName): void => {
    if (range !== 'custom') {
      onChange({ range, first: null, last: null });
      return;
    }
    const { from, to } = resolveRange('30d', new Date());
    onChange({ range, first: renderDay(new Date(from)), last: renderDay(new Date(to - 1)) });
  };
  return (
    <>
      {rangeName === 'custom' && (
        <>
          <label className={styles['grouping']}>
            from
            <input type="date" value={first ?? ''} onChange={(event) => onChange({ first: event.target.value })} />
          </label>
          <label className={styles['grouping']}>
            to
            <input type="date" value={last ?? ''} onChange={(event) => onChange({ last: event.target.value })} />
          </label>
        </>
      )}
      <Segmented label="Range" value={rangeName} options={rangeNames} onChange={choose} />
    </>
  );
}
