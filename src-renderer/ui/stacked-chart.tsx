import { type ReactNode, useEffect, useRef } from 'react';
import { drawBars } from './draw-bars.ts';
import styles from './stacked-chart.module.css';
import { useColourScheme } from './use-colour-scheme.ts';

export interface ChartSeries {
  /** null = the sum of what has no series of its own. A name may read like the words for it. */
  name: string | null;
  /** What is read in the place of the name. */
  label: string | null;
  values: readonly number[];
  /** Custom property. */
  colour: string;
}

export interface StackedChartProps {
  label: string;
  labels: readonly string[];
  series: readonly ChartSeries[];
  renderValue(value: number): string;
  onSelect(name: string): void;
}

const restWords = 'all others';

/** Stacked bars with a legend of buttons; the same numbers as a table for those who do not see them. */
export function StackedChart({ label, labels, series, renderValue, onSelect }: StackedChartProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useColourScheme();
  const content = { labels, series: series.map(({ label: name, ...rest }) => ({ ...rest, name: name ?? restWords })), renderValue };
  const latest = useRef(content);
  latest.current = content;
  // The page is rendered at every event; bars are drawn when their numbers, names or colours are others.
  const drawn = JSON.stringify([labels, series]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours
  useEffect(() => {
    if (canvas.current === null) return;
    const chart = drawBars(canvas.current, latest.current);
    return () => chart.destroy();
  }, [drawn, scheme]);
  return (
    <figure className={styles['figure']}>
      <div className={styles['canvas']}>
        <canvas ref={canvas} role="img" aria-label={label} />
      </div>
      <figcaption className={styles['legend']}>
        {series.map(({ name, label: words, colour }) => (
          <button key={keyOf(name)} type="button" disabled={name === null} onClick={() => name !== null && onSelect(name)}>
            <span aria-hidden="true" style={{ background: `var(${colour})` }} />
            {words ?? restWords}
          </button>
        ))}
      </figcaption>
      <table className="spoken">
        <caption>{label}</caption>
        <tbody>
          {series.map(({ name, label: words, values }) => (
            <tr key={keyOf(name)}>
              <th scope="row">{words ?? restWords}</th>
              {values.map((value, bar) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: in an hour that comes twice two bars have one label
                <td key={bar}>{`${labels[bar]} ${renderValue(value)}`}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function keyOf(name: string | null): string {
  return name === null ? 'rest' : `name ${name}`;
}
