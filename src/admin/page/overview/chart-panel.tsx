import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useObservable } from '../observable.ts';
import { Panel } from '../parts/facts.tsx';
import { Empty } from '../parts/notice.tsx';
import { dark } from '../settings.ts';
import { useStrings } from '../strings/strings.ts';
import type { ChartData } from './charts-of-stats.ts';
import type { DrawnChart } from './draw-chart.ts';

interface Given {
  title: string;
  chart: ChartData;
  /** Said in place of a chart that would be empty. */
  empty?: string | null;
  children?: ComponentChildren;
}

/** A chart with its data as a table, for those who cannot see it and those who want the figures. */
export function ChartPanel({ title, chart, empty = null, children }: Given) {
  const strings = useStrings().overview;
  return (
    <Panel title={title} aside={children}>
      {empty !== null && <Empty>{empty}</Empty>}
      {empty === null && (
        <>
          <Canvas title={title} chart={chart} />
          <details>
            <summary>{strings.asTable}</summary>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard must reach what scrolls */}
            <section class="scroll" tabIndex={0} aria-label={title}>
              <Table chart={chart} />
            </section>
          </details>
        </>
      )}
    </Panel>
  );
}

function Canvas({ title, chart }: { title: string; chart: ChartData }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<DrawnChart>(undefined);
  const isDark = useObservable(dark);

  useEffect(() => {
    let over = false;
    async function draw(): Promise<void> {
      // Loaded by those who look at charts only.
      const { drawChart } = await import('./draw-chart.ts');
      if (over || !canvas.current) return;
      drawn.current = drawChart(canvas.current, chart, drawn.current);
    }
    void draw();
    return () => {
      over = true;
    };
  }, [chart, isDark]);
  useEffect(() => () => drawn.current?.destroy(), []);

  return (
    <div class="chart">
      <canvas ref={canvas} role="img" aria-label={title} />
    </div>
  );
}

function Table({ chart: { labelsAre, labels, series, unit } }: { chart: ChartData }) {
  return (
    <table class="pairs">
      <thead>
        <tr>
          <th scope="col">{labelsAre}</th>
          {series.map(({ label }) => (
            <th key={label} scope="col" class="number">
              {unit ? `${label} (${unit})` : label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {labels.map((label, index) => (
          <tr key={index}>
            <th scope="row">{label}</th>
            {series.map(({ label, values }) => (
              <td key={label} class="number">
                {values[index] ?? '–'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
