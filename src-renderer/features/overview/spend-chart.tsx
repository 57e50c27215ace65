import type { ReactNode } from 'react';
import { renderUsd } from '../../ui/render-usd.ts';
import { StackedChart } from '../../ui/stacked-chart.tsx';
import styles from './overview.module.css';
import { renderBarLabel } from './spend-series.ts';
import type { Overview } from './use-overview.ts';

/** Spend over time. The legend's names are filters. */
export function SpendChart({
  overview,
  canPrice,
  isFiltered,
  labelOf,
  tools,
  onSelect,
}: {
  overview: Overview;
  /** There is a model that could be given a price. */
  canPrice: boolean;
  isFiltered: boolean;
  labelOf: (name: string) => string;
  tools: ReactNode;
  onSelect: (name: string) => void;
}): ReactNode {
  const { range, bars, series, colourOf, report } = overview;
  const isEmpty = report?.totals.calls === 0;
  const isUnpriced = report !== undefined && report.totals.costNanoUsd === 0 && report.totals.unpriced > 0;
  return (
    <section aria-labelledby="spend-over-time">
      <header className={styles['chartHead']}>
        <h2 id="spend-over-time">Spend over time</h2>
        {tools}
      </header>
      {isEmpty ? (
        <p className={styles['noChart']}>No call in this range{isFiltered && ' passes the filters'}.</p>
      ) : isUnpriced ? (
        <p className={styles['noChart']}>
          {report.totals.unpriced === report.totals.calls ? 'None of these calls has a price' : 'What cost something here has no price'}, so
          there is no spend to draw. Unpriced is not free.{' '}
          {canPrice
            ? 'Set a price below, and it counts from the next call on.'
            : 'They were made before their model had a price, or reported no tokens, and stay as they are.'}
        </p>
      ) : (
        <StackedChart
          label={`Spend by ${range.bar}`}
          labels={bars.map((at) => renderBarLabel(at, range.bar))}
          series={series.map(({ name, values }) => ({
            name,
            label: name === null ? null : labelOf(name),
            values: values.map((nano) => nano / 1e9),
            colour: colourOf(name),
          }))}
          renderValue={(usd) => renderUsd(Math.round(usd * 1e9))}
          onSelect={onSelect}
        />
      )}
    </section>
  );
}
