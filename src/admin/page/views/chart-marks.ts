import type { Chart, Plugin } from 'chart.js';

const FONT_SIZE = 12;
const GAP = 6;

/** Writes the number beside each bar: short bars cannot be told apart by length. */
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

/** Height of the marks of outliers above the chart. */
export const MARKS_HEIGHT = 18;

/** Marks the values beyond the end of the axis with their numbers; of neighbours only the highest. */
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

/** The caller ends it with `restore`. */
function prepare({ ctx, options }: Chart): { ctx: CanvasRenderingContext2D } {
  ctx.save();
  ctx.font = `600 ${FONT_SIZE}px ${options.font && 'family' in options.font ? options.font.family : 'sans-serif'}`;
  ctx.fillStyle = String(options.color);
  return { ctx };
}
