import type { Chart, Plugin } from 'chart.js';

const FONT_SIZE = 12;
const GAP = 6;

/** Writes its number beside each bar: small ones cannot be told by their lengths. */
export const barNumbers: Plugin<'bar'> = {
  id: 'barNumbers',
  afterDatasetsDraw(chart) {
    const { ctx } = prepare(chart);
    ctx.textBaseline = 'middle';
    for (const [index, { data }] of chart.data.datasets.entries()) {
      if (!chart.isDatasetVisible(index)) continue;
      for (const [place, { x, y }] of chart.getDatasetMeta(index).data.entries()) {
        ctx.fillText(Number(data[place]).toLocaleString(), x + GAP, y);
      }
    }
    ctx.restore();
  },
};

/** What the marks of outliers take above the chart. */
export const MARKS_HEIGHT = 18;

/** Marks the values beyond the end of the axis, each with its number; of neighbours the highest. */
export const outlierNumbers: Plugin<'line'> = {
  id: 'outlierNumbers',
  afterDatasetsDraw(chart) {
    const limit = chart.scales.y?.max ?? Number.POSITIVE_INFINITY;
    const highest = new Map<number, { value: number; x: number }>();
    for (const [index, { data }] of chart.data.datasets.entries()) {
      if (!chart.isDatasetVisible(index)) continue;
      for (const [place, { x }] of chart.getDatasetMeta(index).data.entries()) {
        const value = Number(data[place]);
        if (value > limit && value > (highest.get(place)?.value ?? 0)) highest.set(place, { value, x });
      }
    }
    const { ctx } = prepare(chart);
    const { left, right, top } = chart.chartArea;
    const drawn: { from: number; to: number }[] = [];
    ctx.textBaseline = 'bottom';
    for (const { value, x } of [...highest.values()].sort((one, other) => other.value - one.value)) {
      const text = `▲ ${value.toLocaleString()}`;
      const { width } = ctx.measureText(text);
      const from = Math.max(left, Math.min(x - width / 2, right - width));
      if (drawn.some((one) => from < one.to + GAP && from + width > one.from - GAP)) continue;
      drawn.push({ from, to: from + width });
      ctx.fillText(text, from, top - 2);
    }
    ctx.restore();
  },
};

/** To be ended by `restore`. */
function prepare({ ctx, options }: Chart): { ctx: CanvasRenderingContext2D } {
  ctx.save();
  ctx.font = `600 ${FONT_SIZE}px ${options.font && 'family' in options.font ? options.font.family : 'sans-serif'}`;
  ctx.fillStyle = String(options.color);
  return { ctx };
}
