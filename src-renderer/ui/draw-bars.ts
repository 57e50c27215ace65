import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

export interface Bars {
  labels: readonly string[];
  /** `colour` is a custom property. */
  series: readonly { name: string; values: readonly number[]; colour: string }[];
  renderValue(value: number): string;
}

/** Stacked bars on a canvas, in the colours of the page. */
export function drawBars(canvas: HTMLCanvasElement, { labels, series, renderValue }: Bars): Chart {
  const colour = (name: string): string => readColour(canvas, name);
  const ink = colour('--ink-dim');
  return new Chart(canvas, {
    type: 'bar',
    data: {
      labels: [...labels],
      datasets: series.map(({ name, values, colour: variable }) => ({
        label: name,
        data: [...values],
        backgroundColor: colour(variable),
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
