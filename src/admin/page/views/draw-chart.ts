import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  Tooltip,
} from 'chart.js';
import { dark } from '../state.ts';
import { barNumbers, MARKS_HEIGHT, outlierNumbers } from './chart-marks.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LogarithmicScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

export type DrawnChart = Chart;

/** The data of a chart, for the drawing and for the table beside it. */
export interface ChartData {
  kind: 'bar' | 'line';
  /** Heading of the table's first column. */
  labelsAre: string;
  labels: string[];
  unit: string;
  series: { label: string; colour: Colour; values: (number | null)[] }[];
  /** Absent: linear, up to the highest value. With a limit, larger values are marked at the end of the axis. */
  scale?: 'logarithmic' | { limit: number | null };
}

type Colour = 'blue' | 'green' | 'purple' | 'vermilion' | 'grey';

/** Okabe and Ito's palette, which is safe for colour-blind readers; for each theme the tone with more contrast. */
const COLOURS: Record<Colour, { light: string; dark: string }> = {
  blue: { light: '#0072b2', dark: '#56b4e9' },
  green: { light: '#00805e', dark: '#2fc79b' },
  purple: { light: '#a9508a', dark: '#e29cc4' },
  vermilion: { light: '#c65300', dark: '#f0883e' },
  grey: { light: '#4d4d4d', dark: '#f0e442' },
};
/** Lines are distinguishable without colour, by dashes and points. */
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3], [4, 2]];
const POINTS = ['circle', 'triangle', 'rect', 'rectRot', 'crossRot'] as const;
/** More points would blur the line. */
const MAX_POINTS = 12;

/** Draws a chart in the colours of the present theme. @param before the canvas's previous chart, if any */
export function drawChart(canvas: HTMLCanvasElement, data: ChartData, before?: DrawnChart): DrawnChart {
  const { data: drawn, options = {}, type } = configure(data, getComputedStyle(canvas));
  const plugins = [data.kind === 'bar' ? barNumbers : outlierNumbers];
  if (!before) return new Chart(canvas, { type, data: drawn, options, plugins } as ChartConfiguration);
  // Datasets are updated in place, so that those stay hidden that the reader switched off in the legend.
  drawn.datasets.forEach((dataset, index) => {
    before.data.datasets[index] = Object.assign(before.data.datasets[index] ?? {}, dataset) as ChartDataset;
  });
  before.data.labels = drawn.labels ?? [];
  before.options = options;
  before.update('none');
  return before;
}

function configure({ kind, labels, series, unit, scale }: ChartData, style: CSSStyleDeclaration): ChartConfiguration {
  const theme = dark.get() ? 'dark' : 'light';
  const ink = style.color;
  const grid = dark.get() ? '#ffffff1f' : '#0000001a';
  const step = Math.ceil(labels.length / MAX_POINTS);
  const limit = typeof scale === 'object' ? scale.limit : null;
  const font = { family: style.fontFamily, size: 12 };
  const values = {
    border: { display: false },
    grid: { color: grid },
    ticks: {
      ...{ color: ink, font, maxTicksLimit: 6, ...(unit ? {} : { precision: 0 }) },
      ...(scale === 'logarithmic' && { callback: logarithmicTick }),
    },
    ...(scale === 'logarithmic' ? { type: 'logarithmic' } : { beginAtZero: true }),
    ...(limit !== null && { max: limit }),
    // Space for the numbers beside the bars.
    ...(kind === 'bar' && { grace: '12%' }),
    title: { display: unit !== '', text: unit, color: ink, font },
  };
  const names = {
    border: { display: false },
    grid: { display: false },
    ticks: { color: ink, font, maxRotation: 0, autoSkipPadding: 24 },
  };
  return {
    type: kind,
    data: {
      labels,
      datasets: series.map(({ label, colour, values }, index) => ({
        label,
        data: values,
        borderColor: COLOURS[colour][theme],
        backgroundColor: kind === 'bar' ? `${COLOURS[colour][theme]}cc` : COLOURS[colour][theme],
        borderWidth: kind === 'bar' ? 0 : 2,
        ...(kind === 'bar'
          ? { borderRadius: 4, maxBarThickness: 28, minBarLength: 3 }
          : {
              borderDash: DASHES[index % DASHES.length] ?? [],
              pointStyle: POINTS[index % POINTS.length] ?? 'circle',
              pointRadius: ({ dataIndex }: { dataIndex: number }) => ((dataIndex + 2 * index) % step === 0 ? 4 : 0),
              pointHoverRadius: 5,
            }),
      })),
    },
    options: {
      animation: false,
      layout: { padding: { top: limit === null ? 0 : MARKS_HEIGHT } },
      color: ink,
      font,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: kind === 'bar' ? 'y' : 'x',
      interaction: { mode: 'index', intersect: false, axis: kind === 'bar' ? 'y' : 'x' },
      scales: kind === 'bar' ? { x: values, y: names } : { x: names, y: values },
      plugins: {
        legend: {
          display: series.length > 1,
          position: 'bottom',
          labels: { color: ink, font, usePointStyle: true, boxHeight: 7, padding: 14 },
        },
        tooltip: { titleFont: font, bodyFont: font, usePointStyle: true },
      },
    },
  } as ChartConfiguration;
}

/** Labels 1, 2 and 5 of each power of ten. */
function logarithmicTick(value: number | string): string | null {
  const mantissa = Number(value) / 10 ** Math.floor(Math.log10(Number(value)));
  return [1, 2, 5].includes(Number(mantissa.toFixed(3))) ? Number(value).toLocaleString() : null;
}
