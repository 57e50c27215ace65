import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { otherVariable, seriesVariable } from './series-colour.ts';
import styles from './stacked-chart.module.css';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

export interface ChartSeries {
  name: string;
  values: readonly number[];
  /** The sum of what has no colour of its own. */
  isRest: boolean;
}

export interface StackedChartProps {
  label: string;
  labels: readonly string[];
  series: readonly ChartSeries[];
  renderValue(value: number): string;
  onSelect(name: string): void;
}

/** Stacked bars with a legend of buttons; the same numbers as a table for those who do not see them. */
export function StackedChart(props: StackedChartProps): ReactNode {
  const { label, labels, series, renderValue, onSelect } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useColourScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours
  useEffect(() => {
    if (canvas.current === null) return;
    const chart = drawChart(canvas.current, props);
    return () => chart.destroy();
  }, [props, scheme]);
  return (
    <figure className={styles['figure']}>
      <div className={styles['canvas']}>
        <canvas ref={canvas} role="img" aria-label={label} />
      </div>
      <figcaption className={styles['legend']}>
        {series.map(({ name, isRest }, index) => (
          <button key={name} type="button" disabled={isRest} onClick={() => onSelect(name)}>
            <span aria-hidden="true" style={{ background: `var(${variableOf(index, isRest)})` }} />
            {name}
          </button>
        ))}
      </figcaption>
      <table className="spoken">
        <caption>{label}</caption>
        <tbody>
          {series.map(({ name, values }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, bar) => (
                <td key={labels[bar]}>{`${labels[bar]} ${renderValue(value)}`}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function variableOf(index: number, isRest: boolean): string {
  return isRest ? otherVariable : seriesVariable(index);
}

function drawChart(canvas: HTMLCanvasElement, { labels, series, renderValue }: StackedChartProps): Chart {
  const colour = (name: string): string => readColour(canvas, name);
  const ink = colour('--ink-dim');
  return new Chart(canvas, {
    type: 'bar',
    data: {
      labels: [...labels],
      datasets: series.map(({ name, values, isRest }, index) => ({
        label: name,
        data: [...values],
        backgroundColor: colour(variableOf(index, isRest)),
        maxBarThickness: 40,
      })),
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          stacked: true,
          grid: { display: false },
          border: { color: colour('--line') },
          ticks: { color: ink, maxRotation: 0, autoSkipPadding: 16 },
        },
        y: {
          stacked: true,
          beginAtZero: true,
          border: { display: false },
          grid: { color: colour('--line') },
          ticks: { color: ink, maxTicksLimit: 5, callback: (value) => renderValue(Number(value)) },
        },
      },
      plugins: {
        tooltip: {
          filter: ({ raw }) => Number(raw) > 0,
          callbacks: { label: ({ dataset, raw }) => ` ${dataset.label ?? ''}  ${renderValue(Number(raw))}` },
        },
      },
    },
  });
}

/** Canvas knows neither custom properties nor light-dark(): the browser resolves them on an element. */
function readColour(canvas: HTMLCanvasElement, variable: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${variable})`;
  canvas.parentElement?.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Changes when the page turns light or dark, by the system or by choice. */
function useColourScheme(): string {
  const [scheme, setScheme] = useState('');
  useEffect(() => {
    const media = matchMedia('(prefers-color-scheme: dark)');
    const read = (): void => setScheme(`${media.matches} ${document.documentElement.dataset['theme'] ?? ''}`);
    const observer = new MutationObserver(read);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    media.addEventListener('change', read);
    return () => {
      observer.disconnect();
      media.removeEventListener('change', read);
    };
  }, []);
  return scheme;
}
