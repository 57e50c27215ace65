import type { ReactNode } from 'react';
import { renderUsd } from '../../ui/render-usd.ts';
import { StackedChart } from '../../ui/stacked-chart.tsx';
import styles from './overview.module.css';
import type { Overview } from './use-overview.ts';

const other = 'other';

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
  const { range, barKeys, series } = overview;
  const labels = barKeys.map((key) => (range.bar === 'hour' ? `${key.slice(11)}:00` : key.slice(5)));
  return (
    <section aria-labelledby="spend-over-time">
      <header className={styles['chartHead']}>
        <h2 id="spend-over-time">Spend over time</h2>
        {tools}
      </header>
      <StackedChart
        label={`Spend by ${range.bar}`}
        labels={labels}
        series={series.map(({ name, values }) => ({
          name: name ?? other,
          values: values.map((nano) => nano / 1e9),
          isRest: name === null,
        }))}
        renderValue={(usd) => renderUsd(Math.round(usd * 1e9))}
        onSelect={(name) => name !== other && onSelect(name)}
      />
    </section>
  );
}
