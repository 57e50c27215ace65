import type { ReactNode } from 'react';
import { renderUsd } from '../../ui/render-usd.ts';
import { StackedChart } from '../../ui/stacked-chart.tsx';
import styles from './overview.module.css';
import { renderBarLabel } from './spend-series.ts';
import type { Overview } from './use-overview.ts';

/** Spend over time. The legend's names are filters. */
export function SpendChart({
  overview,
  tools,
  onSelect,
}: {
  overview: Overview;
  tools: ReactNode;
  onSelect: (name: string) => void;
}): ReactNode {
  const { range, bars, series, colourOf, report } = overview;
  const isUnpriced = report !== undefined && report.totals.costNanoUsd === 0 && report.totals.unpriced > 0;
  return (
    <section aria-labelledby="spend-over-time">
      <header className={styles['chartHead']}>
        <h2 id="spend-over-time">Spend over time</h2>
        {tools}
      </header>
      {isUnpriced ? (
        <p className={styles['noChart']}>
          {report.totals.unpriced === report.totals.calls ? 'None of these calls has a price' : 'What cost something here has no price'}, so
          there is no spend to draw. Unpriced is not free: set a price below, and it counts from the next call on.
        </p>
      ) : (
        <StackedChart
          label={`Spend by ${range.bar}`}
          labels={bars.map((at) => renderBarLabel(at, range.bar))}
          series={series.map(({ name, values }) => ({ name, values: values.map((nano) => nano / 1e9), colour: colourOf(name) }))}
          renderValue={(usd) => renderUsd(Math.round(usd * 1e9))}
          onSelect={onSelect}
        />
      )}
    </section>
  );
}
