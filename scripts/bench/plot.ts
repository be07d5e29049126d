import { init } from 'echarts';
import type { Panel } from './growth-report.ts';

const WIDTH = 300;
const HEIGHT = 320;
const COLOURS = ['#1f5fbf', '#c2571a', '#2c8a4b', '#8a3ea8', '#6b6b6b', '#b8860b', '#c2185b'];

/** An SVG picture. The axis always includes zero, so that small changes look small. */
export function plot(title: string, panels: readonly Panel[]): string {
  const width = panels.length === 1 ? 2 * WIDTH : WIDTH;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: width * panels.length, height: HEIGHT });
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    color: COLOURS,
    textStyle: { fontFamily: 'sans-serif' },
    title: [
      { text: title, left: 16, top: 8, textStyle: { fontSize: 15 } },
      ...panels.map((panel, index) => ({
        text: panel.title,
        left: width * index + 48,
        top: 38,
        textStyle: { fontSize: 12, fontWeight: 'normal' },
      })),
    ],
    grid: panels.map((_, index) => ({ left: width * index + 56, width: width - 84, top: 108, bottom: 36 })),
    legend: panels.map(({ lines }, index) => ({
      data: lines.length > 1 ? lines.map(({ name }) => `${index} ${name}`) : [],
      formatter: (name: string) => name.replace(/^\d+ /, ''),
      left: width * index + 44,
      width: width - 60,
      top: 56,
      itemWidth: 12,
      itemHeight: 8,
      itemGap: 8,
      textStyle: { fontSize: 10 },
    })),
    xAxis: panels.map(({ points }, gridIndex) => ({
      type: 'category',
      data: points,
      gridIndex,
      boundaryGap: false,
      axisTick: { alignWithLabel: true },
    })),
    yAxis: panels.map((_, gridIndex) => ({ type: 'value', min: 0, gridIndex })),
    series: panels.flatMap(({ points, lines }, index) =>
      lines.map(({ name, values }, line) => ({
        type: 'line',
        name: `${index} ${name}`,
        xAxisIndex: index,
        yAxisIndex: index,
        data: values,
        showSymbol: points.length <= 20,
        symbolSize: 6,
        color: COLOURS[line % COLOURS.length],
      })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
